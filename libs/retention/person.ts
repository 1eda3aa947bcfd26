import type { Queryable } from './erasure.js';

/** One thing held about a person: a contact of a claim, or a tenant's administrator as a claim was told of it. */
export interface PersonRow {
  personId: string;
  claimId: string;
  kind: 'contact' | 'tenant_admin';
  content: { name: string; title?: string; email: string };
  createdAt: Date;
}

/** Addresses are compared without regard to case, as every mail server in use does. */
export const addressKey = (email: string): string => email.trim().toLowerCase();

/** Everything held under an address, in pages; what is erased on the way is not missed by those that follow. */
export async function* personRows(database: Queryable, email: string, pageSize: number): AsyncGenerator<PersonRow[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await database.query<PersonRow[]>(
      `SELECT person_id AS "personId", claim_id AS "claimId", kind, content, created_at AS "createdAt" FROM personal_data
       WHERE kind IN ('contact', 'tenant_admin') AND lower(content ->> 'email') = $1 AND person_id > $2
       ORDER BY person_id LIMIT $3`,
      [addressKey(email), after, pageSize],
    );
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)!.personId;
  }
}

/** What the persons wrote through the links they were sent, whatever they answered. */
export function wordsOf(database: Queryable, personIds: string[]): Promise<{ claimId: string; textId: string }[]> {
  return database.query(
    `SELECT i.claim_id AS "claimId", i.body ->> 'textId' AS "textId"
     FROM notice_recipients r JOIN claim_commands i
       ON i.claim_id = r.claim_id AND i.actor ->> 'kind' = 'customer' AND i.body ->> 'recipientId' = r.recipient_id::text
     WHERE r.person_id = ANY ($1) AND i.body ->> 'textId' IS NOT NULL`,
    [personIds],
  );
}

/** What a subject of the identity provider wrote, in pages: every command names its words by `textId`, and so do legal holds. */
export async function* wordsUnder(database: Queryable, subjects: string[]): AsyncGenerator<{ claimId: string; personId: string }[]> {
  if (subjects.length === 0) return;
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await database.query<{ claimId: string; personId: string }[]>(
      `SELECT p.claim_id AS "claimId", p.person_id AS "personId" FROM personal_data p WHERE erased_at IS NULL AND person_id > $2 AND person_id IN (
         SELECT (body ->> 'textId')::uuid FROM claim_commands WHERE actor ->> 'subject' = ANY ($1) AND body ->> 'textId' IS NOT NULL
         UNION SELECT text_id FROM legal_holds WHERE placed_by = ANY ($1)
         UNION SELECT text_id FROM legal_hold_releases WHERE released_by = ANY ($1)
       ) ORDER BY person_id LIMIT 200`,
      [subjects, after],
    );
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)!.personId;
  }
}

/** Under which subjects a person may be known: the one that is named, and the address, which some issuers use. */
export const subjectsOf = ({ email, subject }: { email: string; subject?: string | undefined }): string[] => [
  ...new Set([email.trim(), addressKey(email), ...(subject === undefined ? [] : [subject])]),
];

/** Texts and names that other people wrote on the same claims and that hold the person's name or address; the person's own words are left out. */
export async function mentionsOf(database: Queryable, persons: PersonRow[]): Promise<{ claimId: string; personId: string }[]> {
  const own = new Set((await wordsOf(database, idsOf(persons))).map(({ textId }) => textId));
  const needles = persons.map(({ claimId, content }) => ({
    claimId,
    name: content.name.trim().toLowerCase(),
    email: addressKey(content.email),
  }));
  const naming = await database.query<{ claimId: string; personId: string }[]>(
    `SELECT DISTINCT ON (t.person_id) t.claim_id AS "claimId", t.person_id AS "personId"
     FROM jsonb_to_recordset($1::jsonb) AS n("claimId" uuid, name text, email text)
     JOIN personal_data t ON t.claim_id = n."claimId" AND t.kind IN ('text', 'names') AND t.erased_at IS NULL
     WHERE EXISTS (
       SELECT FROM jsonb_each_text(t.content) AS said(field, words)
       WHERE strpos(lower(words), n.email) > 0 OR (n.name <> '' AND strpos(lower(words), n.name) > 0)
     )
     ORDER BY t.person_id`,
    [JSON.stringify(needles)],
  );
  return naming.filter(({ personId }) => !own.has(personId));
}

export const idsOf = (persons: { personId: string }[]): string[] => persons.map(({ personId }) => personId);
