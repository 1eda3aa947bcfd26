import type { EntityManager } from 'typeorm';
import type { UsageSetName } from './sets.js';

/** Targets pruned by one statement. */
const targetsAtOnce = 10_000;

/**
 * Deletes rows that no reader can see: those of attempts that were never published, and those that a newer published file replaces.
 * The caller holds the set's lock, so that no other import is running.
 */
export async function pruneUsage(manager: EntityManager, set: UsageSetName): Promise<void> {
  for (let after = ''; ; ) {
    const [page] = await manager.query<[{ last: string | null }]>(
      `SELECT max(target) AS last
       FROM (SELECT DISTINCT target FROM usage_rows WHERE set_name = $1 AND target > $2 ORDER BY target LIMIT $3) t`,
      [set, after, targetsAtOnce],
    );
    if (page.last === null) break;
    await manager.query(pruneSql, [set, after, page.last]);
    after = page.last;
  }
  await manager.query(`DELETE FROM usage_import_errors e WHERE NOT EXISTS (SELECT FROM usage_imports i WHERE i.load_no = e.load_no)`);
}

/** Deletes by place (`ctid`): nobody but the holder of the set's lock writes its rows, so none moves in between. */
const pruneSql = `
  WITH placed AS (
    SELECT r.ctid AS place, i.load_no IS NULL OR r.load_no < max(i.load_no) OVER (PARTITION BY r.target, r.month, r.dimension) AS is_unseen
    FROM usage_rows r LEFT JOIN usage_imports i ON i.load_no = r.load_no AND i.state = 'published'
    WHERE r.set_name = $1 AND r.target > $2 AND r.target <= $3
  )
  DELETE FROM usage_rows WHERE ctid = ANY (ARRAY(SELECT place FROM placed WHERE is_unseen))`;
