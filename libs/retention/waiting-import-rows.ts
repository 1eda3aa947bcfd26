import type { KeptItem, Queryable } from './erasure-report.js';

/** Waiting rows are kept, and the partner may cancel them: without the person, the claim made from the row would be incomplete. */
const kept = (rows: { importId: string; rows: number[] }[]): KeptItem[] =>
  rows.map((waiting) => ({ reason: 'import_waiting', claim: null, personIds: [], possibleFrom: null, waiting }));

/** Finds rows of imports that contain an address and wait to become claims. The content of all other rows was deleted with their outcome. */
export async function waitingWith(database: Queryable, address: string): Promise<KeptItem[]> {
  // The address as JSON writes it. A row's files are not searched: no machine can read their contents reliably.
  const needle = JSON.stringify(address).slice(1, -1);
  return kept(
    await database.query(
      `SELECT import_id AS "importId", array_agg(row ORDER BY row) AS rows FROM claim_import_rows
       WHERE outcome IS NULL AND strpos(lower((content - 'evidence')::text), $1) > 0 GROUP BY import_id ORDER BY import_id`,
      [needle],
    ),
  );
}

/** Finds rows of imports that have waited for so many months, in an import that was paused and never resumed. */
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
