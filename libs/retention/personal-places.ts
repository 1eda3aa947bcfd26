import type { ExportedItem } from './contact-export.js';
import type { KeptReason, Queryable } from './erasure.js';
import { addressKey, idsOf, mentionsOf, type PersonRow, wordsUnder } from './person.js';

/** Whose personal data is looked for: what is held under an address, and what was said under subjects of the identity provider. */
export interface Wanted {
  email: string;
  subjects: string[];
}

type Shown = Promise<ExportedItem[]> | AsyncGenerator<ExportedItem[]>;

/**
 * A place in which something that people wrote, or that names people, can stand. What an export shows, what an erasure takes and what the
 * documentation says comes from this list; a test holds every column of the database against it.
 */
export interface PersonalPlace {
  /** `table.column`; with a path where only a part of it is about people. */
  columns: string[];
  /** Whose it is, and by what it is found. */
  whose: 'contact' | 'author' | 'named' | 'reader';
  /** What an export shows of it: of contacts and administrators, page by page; by address; by who is behind it at the identity provider. */
  ofPersons?: (database: Queryable, persons: PersonRow[]) => Promise<ExportedItem[]>;
  of?: (database: Queryable, wanted: Wanted) => Shown;
  /** What a person's request does to it: it goes, or it is reported with this reason. */
  onRequest: 'erased' | KeptReason;
  /** Beside the two functions that erase: what else is cleared, for persons ($1), and for claims whose retention is over ($1). */
  clearForPersons?: string;
  clearWhenOver?: string;
}

export const personalPlaces: readonly PersonalPlace[] = [
  { columns: ['personal_data.content'], whose: 'contact', ofPersons: contacts, onRequest: 'erased' },
  {
    columns: ['notice_recipients.response', 'notice_recipients.token_hash'],
    whose: 'contact',
    ofPersons: notices,
    onRequest: 'erased',
    clearForPersons: 'UPDATE notice_recipients SET response = NULL WHERE person_id = ANY ($1)',
    // Links die with the claim.
    clearWhenOver: 'UPDATE notice_recipients SET token_hash = NULL, response = NULL WHERE claim_id = ANY ($1)',
  },
  {
    columns: ['letters.response'],
    whose: 'contact',
    ofPersons: letters,
    onRequest: 'erased',
    clearForPersons: 'UPDATE letters SET response = NULL WHERE person_id = ANY ($1)',
    clearWhenOver: 'UPDATE letters SET response = NULL WHERE claim_id = ANY ($1)',
  },
  // What was said by links, and under a subject: opt-outs, choices, comments, reasons of every kind.
  {
    columns: ['personal_data.content'],
    whose: 'author',
    ofPersons: answers,
    of: words,
    onRequest: 'erased',
  },
  // Fingerprints are made of what was typed, and nobody repeats a request after years.
  {
    columns: ['claim_commands.fingerprint'],
    whose: 'author',
    onRequest: 'erased',
    clearForPersons: `UPDATE claim_commands SET fingerprint = '' WHERE body ->> 'textId' = ANY ($1::text[])
      AND claim_id IN (SELECT claim_id FROM personal_data WHERE person_id = ANY ($1::uuid[]))`,
    clearWhenOver: `UPDATE claim_commands SET fingerprint = '' WHERE claim_id = ANY ($1)`,
  },
  {
    columns: ['legal_holds.fingerprint'],
    whose: 'author',
    onRequest: 'erased',
    clearForPersons: `UPDATE legal_holds SET fingerprint = '' WHERE text_id = ANY ($1)`,
    clearWhenOver: `UPDATE legal_holds SET fingerprint = '' WHERE claim_id = ANY ($1)`,
  },
  {
    columns: ['legal_hold_releases.fingerprint'],
    whose: 'author',
    onRequest: 'erased',
    clearForPersons: `UPDATE legal_hold_releases SET fingerprint = '' WHERE text_id = ANY ($1)`,
    clearWhenOver: `UPDATE legal_hold_releases r SET fingerprint = '' FROM legal_holds h WHERE h.hold_id = r.hold_id AND h.claim_id = ANY ($1)`,
  },
  { columns: ['personal_data.content'], whose: 'named', ofPersons: texts, onRequest: 'named_in_text' },
  {
    columns: ['evidence_files.content', 'evidence_files.file_name'],
    whose: 'named',
    ofPersons: files,
    of: uploads,
    onRequest: 'evidence_retained',
  },
  { columns: ['claim_import_rows.content'], whose: 'named', of: importRows, onRequest: 'import_waiting' },
  {
    columns: ['directory_tenant_admins.name', 'directory_tenant_admins.email'],
    whose: 'contact',
    of: directory,
    onRequest: 'listed_in_directory',
  },
];

function contacts(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'contact' AS type, p.person_id AS "personId", c.number AS "claimNumber", c.claim_id AS "claimId", c.phase AS "claimPhase",
       coalesce((SELECT key FROM jsonb_each(c.state #> '{details,contacts}') WHERE value ->> 'personId' = p.person_id::text LIMIT 1),
         CASE p.kind WHEN 'tenant_admin' THEN 'tenant_admin' ELSE 'former_contact' END) AS role,
       p.content ->> 'name' AS name, p.content ->> 'title' AS title, p.content ->> 'email' AS email, p.created_at AS "heldSince"
     FROM personal_data p JOIN claims c USING (claim_id) WHERE p.person_id = ANY ($1) AND p.erased_at IS NULL ORDER BY p.person_id`,
    [idsOf(persons)],
  );
}

function notices(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'notice' AS type, c.number AS "claimNumber", r.notice_id AS "noticeId", r.recipient_id AS "recipientId", r.attempts,
       r.attempted_at AS "attemptedAt", r.outcome, r.settled_at AS "settledAt", r.response
     FROM notice_recipients r JOIN claims c USING (claim_id) WHERE r.person_id = ANY ($1) ORDER BY r.recipient_id`,
    [idsOf(persons)],
  );
}

function letters(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'letter' AS type, c.number AS "claimNumber", l.letter_id AS "letterId", l.kind, l.written_at AS "writtenAt", l.attempts,
       l.attempted_at AS "attemptedAt", l.outcome, l.settled_at AS "settledAt", l.response
     FROM letters l JOIN claims c USING (claim_id) WHERE l.person_id = ANY ($1) ORDER BY l.letter_id`,
    [idsOf(persons)],
  );
}

/** What the persons answered by the links that they were sent, with the words that came with it. */
function answers(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
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

/** What somebody wrote under a subject of the identity provider. */
async function* words(database: Queryable, { subjects }: Wanted): AsyncGenerator<ExportedItem[]> {
  for await (const page of wordsUnder(database, subjects)) {
    yield await database.query(
      `SELECT 'words' AS type, c.number AS "claimNumber", p.person_id AS "personId", p.content, p.created_at AS "heldSince"
       FROM personal_data p JOIN claims c USING (claim_id) WHERE p.person_id = ANY ($1) AND p.erased_at IS NULL ORDER BY p.person_id`,
      [idsOf(page)],
    );
  }
}

/** Texts and names that name the persons; what a person wrote comes with the answer it belongs to. */
async function texts(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
  const naming = await mentionsOf(database, persons);
  return database.query(
    `SELECT CASE p.kind WHEN 'names' THEN 'names' ELSE 'text' END AS type, p.person_id AS "personId", c.number AS "claimNumber", p.content,
       p.created_at AS "heldSince"
     FROM personal_data p JOIN claims c USING (claim_id) WHERE p.person_id = ANY ($1) ORDER BY p.person_id`,
    [idsOf(naming)],
  );
}

const file = `'evidence' AS type, c.number AS "claimNumber", f.id AS "evidenceId", f.file_name AS "fileName", f.media_type AS "mediaType",
  f.sha256, f.uploaded_at AS "uploadedAt"`;

/** Files of claims that name the persons: what stands in them a person must read. */
function files(database: Queryable, persons: PersonRow[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT ${file} FROM evidence_files f JOIN claims c USING (claim_id) WHERE f.claim_id = ANY ($1) AND f.erased_at IS NULL ORDER BY f.id`,
    [[...new Set(persons.map(({ claimId }) => claimId))]],
  );
}

function uploads(database: Queryable, { subjects }: Wanted): Promise<ExportedItem[]> {
  return database.query(
    `SELECT ${file} FROM evidence_files f JOIN claims c USING (claim_id) WHERE f.uploaded_by = ANY ($1) AND f.erased_at IS NULL ORDER BY f.id`,
    [subjects],
  );
}

/** Rows of imports that hold the address and are not claims yet; of their files the names. */
function importRows(database: Queryable, { email }: Wanted): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'import_row' AS type, import_id AS "importId", row, content || jsonb_build_object('evidence',
       (SELECT coalesce(jsonb_agg(one - 'contentBase64'), '[]') FROM jsonb_array_elements(content -> 'evidence') one)) AS content
     FROM claim_import_rows WHERE outcome IS NULL AND strpos(lower((content - 'evidence')::text), $1) > 0 ORDER BY import_id, row`,
    [JSON.stringify(addressKey(email)).slice(1, -1)],
  );
}

function directory(database: Queryable, { email }: Wanted): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'directory_entry' AS type, a.tenant_id AS "tenantId", t.name AS "tenantName", a.name, a.email
     FROM directory_tenant_admins a JOIN directory_tenants t USING (tenant_id) WHERE lower(a.email) = $1 ORDER BY a.admin_id`,
    [addressKey(email)],
  );
}
