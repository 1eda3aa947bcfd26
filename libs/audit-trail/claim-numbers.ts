import type { Queryable, RecordFault } from './fault.js';

/** Claim numbers that belong to no claim: a refused request or a restarted server leaves some. */
export interface ClaimNumbers {
  upTo: string;
  /** In PostgreSQL's notation of an int8multirange. */
  unused: string;
}

const numberOf = `substring(number FROM 5)::bigint`;

/** $1: the last number to consider, or null for the last one assigned. */
const numbersSql = `
  WITH taken AS (SELECT ${numberOf} AS n FROM claims WHERE number ~ '^CLM-[0-9]{6,18}$'),
  given AS (
    SELECT coalesce($1::bigint, greatest((SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM claim_numbers), (SELECT max(n) FROM taken)))
      AS up_to
  ),
  gaps AS (
    SELECT int8range(before + 1, n) AS gap FROM (SELECT n, lag(n, 1, 0::bigint) OVER (ORDER BY n) AS before FROM taken) t WHERE n > before + 1
    UNION ALL SELECT int8range(coalesce((SELECT max(n) FROM taken), 0) + 1, up_to, '[]') FROM given
      WHERE up_to > coalesce((SELECT max(n) FROM taken), 0)
  )
  SELECT up_to AS "upTo", coalesce((SELECT range_agg(gap) FROM gaps), '{}') * int8multirange(int8range(1, up_to + 1)) AS unused FROM given`;

/** Reads which claim numbers were assigned and which of them are unused. */
export async function claimNumbers(database: Queryable): Promise<ClaimNumbers> {
  const [row] = await database.query<[ClaimNumbers]>(numbersSql, [null]);
  return row;
}

/** Finds claims that had a number when a checkpoint was made and do not exist any more. */
export async function missingNumbers(database: Queryable, known: ClaimNumbers): Promise<RecordFault[]> {
  const rows = await database.query<{ number: string }[]>(
    `SELECT 'CLM-' || lpad(n::text, greatest(6, length(n::text)), '0') AS number
     FROM (${numbersSql}) found, unnest(found.unused - $2::int8multirange) AS gap, generate_series(lower(gap), upper(gap) - 1) AS n
     ORDER BY n LIMIT 1000`,
    [known.upTo, known.unused],
  );
  return rows.map(({ number }) => ({ kind: 'claim_missing', claimId: null, number }));
}
