import type { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { allowLongStatements } from '#libs/event-store/index.js';
import type { ClaimFilter } from './claim-filter.js';
import { claimListSql, type ClaimListing, type ClaimSummary } from './claim-list.js';

const batchSize = 500;

/**
 * Reads the claims of a list in batches. All come from one snapshot, however long it takes and whatever is written meanwhile. Holds a connection
 * and one batch until it ends or is abandoned; a reader that fetches nothing for a minute is cut off.
 */
export async function* readClaims(
  source: DataSource,
  scope: Scope,
  filter: ClaimFilter,
  sort: ClaimListing['sort'],
): AsyncGenerator<ClaimSummary[], void> {
  const { sql, parameters } = claimListSql(scope, filter, { sort });
  const runner = source.createQueryRunner();
  try {
    await runner.startTransaction('REPEATABLE READ');
    await allowLongStatements(runner.manager);
    await runner.query(`SET LOCAL idle_in_transaction_session_timeout = '60s'; SET LOCAL cursor_tuple_fraction = 1`);
    await runner.query(`DECLARE claims_to_export NO SCROLL CURSOR FOR ${sql}`, parameters);
    for (;;) {
      const rows = (await runner.query(`FETCH ${batchSize} FROM claims_to_export`)) as ClaimSummary[];
      if (rows.length > 0) yield rows;
      if (rows.length < batchSize) break;
    }
    await runner.commitTransaction();
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    await runner.release();
  }
}
