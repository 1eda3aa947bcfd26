import type { KeptItem, Queryable } from './erasure.js';

/** What waits in an import is the partner's to cancel: taken out of a row, a person would be missing in the claim that is made of it. */
const kept = (rows: { importId: string; rows: number[] }[]): KeptItem[] =>
  rows.map((waiting) => ({ reason: 'import_waiting', claim: null, personIds: [], possibleFrom: null, waiting }));

/** Rows of imports that hold an address and wait to become claims. Of every other row the content went with its outcome. */
export async function waitingWith(database: Queryable, address: string): Promise<KeptItem[]> {
  // As it stands in JSON; the files of a row are left out, for they are read as evidence or not at all.
  const needle = JSON.stringify(address).slice(1, -1);
  return kept(
    await database.query(
      `SELECT import_id AS "importId", array_agg(row ORDER BY row) AS rows FROM claim_import_rows
       WHERE outcome IS NULL AND strpos(lower((content - 'evidence')::text), $1) > 0 GROUP BY import_id ORDER BY import_id`,
      [needle],
    ),
  );
}

/** Rows of imports that have waited for so many months: a pause that nobody ended. */
export async function waitingSince(database: Queryable, now: Date, months: number): Promise<KeptItem[]> {
  return kept(
    await database.query(
      `SELECT import_id AS "importId", array_agg(row ORDER BY row) AS rows
       FROM claim_import_rows r JOIN claim_imports i USING (import_id)
       WHERE r.outcome IS NULL AND i.created_at + make_interval(months => $2) <= $1 GROUP BY import_id ORDER BY import_id`,
      [now, months],
    ),
  );
}
