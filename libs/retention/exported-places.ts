import type { ExportedItem, WantedPerson } from './exported-item.js';
import type { Queryable } from './erasure-report.js';
import { addressKey, idsOf, mentionsOf, type PersonRow, wordsUnder } from './personal-data-search.js';

export function contacts(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'contact' AS type, p.person_id AS "personId", c.number AS "claimNumber", c.claim_id AS "claimId", c.phase AS "claimPhase",
       coalesce((SELECT key FROM jsonb_each(c.state #> '{details,contacts}') WHERE value ->> 'personId' = p.person_id::text LIMIT 1),
         CASE p.kind WHEN 'tenant_admin' THEN 'tenant_admin' ELSE 'former_contact' END) AS role,
       p.content ->> 'name' AS name, p.content ->> 'title' AS title, p.content ->> 'email' AS email, p.created_at AS "heldSince"
     FROM personal_data p JOIN claims c USING (claim_id) WHERE p.person_id = ANY ($1) AND p.erased_at IS NULL ORDER BY p.person_id`,
    [idsOf(persons)],
  );
}

export function notices(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'notice' AS type, c.number AS "claimNumber", r.notice_id AS "noticeId", r.recipient_id AS "recipientId", r.attempts,
       r.attempted_at AS "attemptedAt", r.outcome, r.settled_at AS "settledAt", r.response, r.fault
     FROM notice_recipients r JOIN claims c USING (claim_id) WHERE r.person_id = ANY ($1) ORDER BY r.recipient_id`,
    [idsOf(persons)],
  );
}

export function letters(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'letter' AS type, c.number AS "claimNumber", l.letter_id AS "letterId", l.kind, l.written_at AS "writtenAt", l.attempts,
       l.attempted_at AS "attemptedAt", l.outcome, l.settled_at AS "settledAt", l.response, l.fault
     FROM letters l JOIN claims c USING (claim_id) WHERE l.person_id = ANY ($1) ORDER BY l.letter_id`,
    [idsOf(persons)],
  );
}

/** What the persons answered through the links that they were sent, and the words that they added. */
export function answers(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT CASE i.type WHEN 'optOut' THEN 'opt_out' WHEN 'acceptClaim' THEN 'acceptance' WHEN 'chooseRival' THEN 'choice' ELSE 'words' END AS type,
       c.number AS "claimNumber", i.received_at AS "receivedAt", i.body -> 'lines' AS lines,
       (SELECT number FROM claims chosen WHERE i.type = 'chooseRival' AND chosen.claim_id::text = i.body ->> 'claimId') AS "chosenClaim",
       i.outcome ->> 'status' AS outcome, t.content ->> 'text' AS reason
     FROM notice_recipients r
     JOIN claim_commands i ON i.claim_id = r.claim_id AND i.actor ->> 'kind' = 'customer' AND i.body ->> 'recipientId' = r.recipient_id::text
     JOIN claims c ON c.claim_id = r.claim_id
     LEFT JOIN personal_data t ON t.person_id::text = i.body ->> 'textId'
     WHERE r.person_id = ANY ($1) ORDER BY i.received_at, i.sequence`,
    [idsOf(persons)],
  );
}

/** What the person wrote when signed in. */
export async function* words(database: Queryable, { subjects }: WantedPerson): AsyncGenerator<ExportedItem[]> {
  for await (const page of wordsUnder(database, subjects)) {
    yield await database.query(
      `SELECT 'words' AS type, c.number AS "claimNumber", p.person_id AS "personId", p.content, p.created_at AS "heldSince"
       FROM personal_data p JOIN claims c USING (claim_id) WHERE p.person_id = ANY ($1) AND p.erased_at IS NULL ORDER BY p.person_id`,
      [idsOf(page)],
    );
  }
}

/** Texts and names by others that mention the persons. Their own words come with their answers. */
export async function texts(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
  const naming = await mentionsOf(database, persons);
  return database.query(
    `SELECT CASE p.kind WHEN 'names' THEN 'names' ELSE 'text' END AS type, p.person_id AS "personId", c.number AS "claimNumber", p.content,
       p.created_at AS "heldSince"
     FROM personal_data p JOIN claims c USING (claim_id) WHERE p.person_id = ANY ($1) ORDER BY p.person_id`,
    [idsOf(naming)],
  );
}

const fileColumns = `'evidence' AS type, c.number AS "claimNumber", f.id AS "evidenceId", f.file_name AS "fileName", f.media_type AS "mediaType",
  f.sha256, f.uploaded_at AS "uploadedAt"`;

/** Files of the persons' claims. Whether they mention the person, somebody has to check by reading them. */
export function files(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT ${fileColumns} FROM evidence_files f JOIN claims c USING (claim_id) WHERE f.claim_id = ANY ($1) AND f.erased_at IS NULL ORDER BY f.id`,
    [[...new Set(persons.map(({ claimId }) => claimId))]],
  );
}

export function uploads(database: Queryable, { subjects }: WantedPerson): Promise<ExportedItem[]> {
  return database.query(
    `SELECT ${fileColumns} FROM evidence_files f JOIN claims c USING (claim_id) WHERE f.uploaded_by = ANY ($1) AND f.erased_at IS NULL ORDER BY f.id`,
    [subjects],
  );
}

/** Rows of imports that contain the address and are not claims yet, without the contents of their files. */
export function importRows(database: Queryable, { email }: WantedPerson): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'import_row' AS type, import_id AS "importId", row, content || jsonb_build_object('evidence',
       (SELECT coalesce(jsonb_agg(file - 'contentBase64'), '[]') FROM jsonb_array_elements(content -> 'evidence') file)) AS content
     FROM claim_import_rows WHERE outcome IS NULL AND strpos(lower((content - 'evidence')::text), $1) > 0 ORDER BY import_id, row`,
    [JSON.stringify(addressKey(email)).slice(1, -1)],
  );
}

export function directory(database: Queryable, { email }: WantedPerson): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'directory_entry' AS type, a.tenant_id AS "tenantId", t.name AS "tenantName", a.name, a.email
     FROM directory_tenant_admins a JOIN directory_tenants t USING (tenant_id) WHERE lower(a.email) = $1 ORDER BY a.admin_id`,
    [addressKey(email)],
  );
}
