import { v7 as uuidV7 } from 'uuid';
import type { Queryable } from './erasure.js';
import { addressKey, mentionsOf, personRows, type PersonRow, wordsOf } from './person.js';

const pageSize = 200;

/** One thing that is held; `type` says what it is and which further members it has. */
export type ExportedItem = {
  type: 'contact' | 'notice' | 'opt_out' | 'text' | 'names' | 'access' | 'usage_access' | 'directory_entry';
} & Record<string, unknown>;

/** Whose data is handed out. What somebody read is known by the subject of the identity provider, where that is not the address. */
export interface ExportedPerson {
  email: string;
  subject?: string | undefined;
}

/**
 * Everything held about a person under an address (GDPR article 15), as one JSON document in pieces, so that it may be of any length:
 * contacts of claims, notices with their times, refusals and their words, texts that name the person, earlier exports, the usage that the
 * person read or asked for, and the directory. Writes down who asked.
 */
export async function* exportContact(source: Queryable, person: ExportedPerson, by: string): AsyncGenerator<string> {
  const [clock] = await source.query<[{ now: Date }]>('SELECT cpor_now() AS now');
  yield `{"exportedAt":${JSON.stringify(clock.now.toISOString())},"items":[`;
  let isFirst = true;
  for await (const items of exportedItems(source, person, by)) {
    if (items.length === 0) continue;
    yield `${isFirst ? '' : ','}${items.map((item) => JSON.stringify(item)).join(',\n')}\n`;
    isFirst = false;
  }
  yield ']}\n';
}

async function* exportedItems(source: Queryable, { email, subject }: ExportedPerson, by: string): AsyncGenerator<ExportedItem[]> {
  const exportId = uuidV7();
  let part = 0;
  const recordPart = (personIds: string[]) =>
    source.query('INSERT INTO contact_exports (export_id, part, person_ids, exported_by) VALUES ($1, $2, $3, $4)', [
      exportId,
      part++,
      personIds,
      by,
    ]);
  for await (const persons of personRows(source, email, pageSize)) {
    const ids = persons.map(({ personId }) => personId);
    yield await contacts(source, persons);
    yield await notices(source, ids);
    yield await optOuts(source, ids);
    yield await texts(source, persons);
    yield await accesses(source, ids);
    await recordPart(ids);
  }
  for await (const items of usageAccesses(source, [email.trim(), addressKey(email), ...(subject === undefined ? [] : [subject])])) {
    await recordPart([]);
    yield items;
  }
  yield await directory(source, email);
}

function contacts(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'contact' AS type, p.person_id AS "personId", c.number AS "claimNumber", c.claim_id AS "claimId", c.phase AS "claimPhase",
       coalesce((SELECT key FROM jsonb_each(c.state #> '{details,contacts}') WHERE value ->> 'personId' = p.person_id::text LIMIT 1),
         CASE p.kind WHEN 'tenant_admin' THEN 'tenant_admin' ELSE 'former_contact' END) AS role,
       p.content ->> 'name' AS name, p.content ->> 'title' AS title, p.content ->> 'email' AS email, p.created_at AS "heldSince"
     FROM personal_data p JOIN claims c USING (claim_id) WHERE p.person_id = ANY ($1) AND p.erased_at IS NULL ORDER BY p.person_id`,
    [persons.map(({ personId }) => personId)],
  );
}

function notices(database: Queryable, personIds: string[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'notice' AS type, c.number AS "claimNumber", r.notice_id AS "noticeId", r.recipient_id AS "recipientId", r.attempts,
       r.attempted_at AS "attemptedAt", r.outcome, r.settled_at AS "settledAt", r.response
     FROM notice_recipients r JOIN claims c USING (claim_id) WHERE r.person_id = ANY ($1) ORDER BY r.recipient_id`,
    [personIds],
  );
}

function optOuts(database: Queryable, personIds: string[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'opt_out' AS type, c.number AS "claimNumber", i.received_at AS "receivedAt", i.body -> 'lines' AS lines,
       i.outcome ->> 'status' AS outcome, t.content ->> 'text' AS reason
     FROM notice_recipients r
     JOIN claim_commands i ON i.claim_id = r.claim_id AND i.type = 'optOut' AND i.body ->> 'recipientId' = r.recipient_id::text
     JOIN claims c ON c.claim_id = r.claim_id
     LEFT JOIN personal_data t ON t.person_id::text = i.body ->> 'textId'
     WHERE r.person_id = ANY ($1) ORDER BY i.received_at, i.sequence`,
    [personIds],
  );
}

/** Texts and names that name the person; what the person wrote comes with the refusal it belongs to. */
async function texts(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
  const own = new Set(
    (
      await wordsOf(
        database,
        persons.map(({ personId }) => personId),
      )
    ).map(({ textId }) => textId),
  );
  const naming = (await mentionsOf(database, persons)).filter(({ personId }) => !own.has(personId));
  const numbers = await database.query<{ claim_id: string; number: string }[]>(
    'SELECT claim_id, number FROM claims WHERE claim_id = ANY ($1)',
    [naming.map(({ claimId }) => claimId)],
  );
  const numberOf = new Map(numbers.map(({ claim_id: claimId, number }) => [claimId, number]));
  return naming.map(({ claimId, personId, kind, content, createdAt }) => ({
    type: kind === 'names' ? 'names' : 'text',
    personId,
    claimNumber: numberOf.get(claimId),
    content,
    heldSince: createdAt,
  }));
}

function accesses(database: Queryable, personIds: string[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'access' AS type, 'export' AS what, export_id AS "exportId", exported_at AS "at", exported_by AS "by"
     FROM contact_exports WHERE person_ids && $1::uuid[] ORDER BY exported_at, export_id, part`,
    [personIds],
  );
}

/** What was read, exported or refused under a subject, one item for each request. $1 subjects, $2 the last request seen, $3 how many. */
const usageAccessesSql = `
  SELECT 'usage_access' AS type, * FROM (
    SELECT access_id AS "accessId", min(at) AS at, min(kind) AS kind, subject, partner_account_id AS "partnerAccountId", set_name AS set,
      min(from_month)::text AS "fromMonth", max(to_month)::text AS "toMonth", count(DISTINCT association_id)::int AS associations,
      sum(row_count)::int AS rows
    FROM access_entries WHERE subject = ANY ($1) AND kind <> 'refused' AND access_id > $2
    GROUP BY access_id, subject, partner_account_id, set_name
    UNION ALL
    SELECT refusal_id, at, 'refused', subject, partner_account_id, set_name, from_month::text, to_month::text, 0, 0
    FROM usage_refusals WHERE subject = ANY ($1) AND refusal_id > $2
  ) accesses ORDER BY "accessId" LIMIT $3`;

async function* usageAccesses(database: Queryable, subjects: string[]): AsyncGenerator<ExportedItem[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const items = await database.query<(ExportedItem & { accessId: string })[]>(usageAccessesSql, [subjects, after, pageSize]);
    if (items.length === 0) return;
    yield items;
    after = items.at(-1)!.accessId;
  }
}

function directory(database: Queryable, email: string): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'directory_entry' AS type, a.tenant_id AS "tenantId", t.name AS "tenantName", a.name, a.email
     FROM directory_tenant_admins a JOIN directory_tenants t USING (tenant_id) WHERE lower(a.email) = $1 ORDER BY a.admin_id`,
    [addressKey(email)],
  );
}
