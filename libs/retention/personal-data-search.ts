import type { Queryable } from './erasure-report.js';

/** A person as stored: a contact of a claim, or a tenant administrator that the directory named for a claim. */
export interface PersonRow {
  personId: string;
  claimId: string;
  kind: 'contact' | 'tenant_admin';
  content: { name: string; title?: string; email: string };
  createdAt: Date;
}

/** Normalises an email address for comparison. Case is ignored, as all common mail servers do. */
export const addressKey = (email: string): string => email.trim().toLowerCase();

/** Finds the persons stored under an email address, in pages. Pages may be erased between reads. */
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

/** Finds what the persons wrote through the links that they were sent, whatever they answered. */
export function wordsOf(database: Queryable, personIds: string[]): Promise<{ claimId: string; textId: string }[]> {
  return database.query(
    `SELECT i.claim_id AS "claimId", i.body ->> 'textId' AS "textId"
     FROM notice_recipients r JOIN claim_commands i
       ON i.claim_id = r.claim_id AND i.actor ->> 'kind' = 'customer' AND i.body ->> 'recipientId' = r.recipient_id::text
     WHERE r.person_id = ANY ($1) AND i.body ->> 'textId' IS NOT NULL`,
    [personIds],
  );
}

/** Finds what was written under subjects of the identity provider, in pages. Commands, legal holds and snapshots refer to their words by text id. */
export async function* wordsUnder(database: Queryable, subjects: string[]): AsyncGenerator<{ claimId: string; personId: string }[]> {
  if (subjects.length === 0) return;
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await database.query<{ claimId: string; personId: string }[]>(
      `SELECT p.claim_id AS "claimId", p.person_id AS "personId" FROM personal_data p WHERE erased_at IS NULL AND person_id > $2 AND person_id IN (
         SELECT (body ->> 'textId')::uuid FROM claim_commands WHERE actor ->> 'subject' = ANY ($1) AND body ->> 'textId' IS NOT NULL
         UNION SELECT text_id FROM legal_holds WHERE placed_by = ANY ($1)
         UNION SELECT text_id FROM legal_hold_releases WHERE released_by = ANY ($1)
         UNION SELECT text_id FROM snapshots WHERE made_by = ANY ($1)
       ) ORDER BY person_id LIMIT 200`,
      [subjects, after],
    );
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)!.personId;
  }
}

/** Returns the subjects that a person may have: the given one, and the email address, which some identity providers use as the subject. */
export const subjectsOf = ({ email, subject }: { email: string; subject?: string | undefined }): string[] => [
  ...new Set([email.trim(), addressKey(email), ...(subject === undefined ? [] : [subject])]),
];

/** Finds texts and names by other people on the same claims that contain a person's name or address. */
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
