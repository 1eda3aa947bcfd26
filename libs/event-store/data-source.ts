import { DataSource } from 'typeorm';
import { Claims1700000000001 } from './migrations/1700000000001-claims.js';
import { Directory1700000000002 } from './migrations/1700000000002-directory.js';
import { Evidence1700000000003 } from './migrations/1700000000003-evidence.js';
import { Associations1700000000004 } from './migrations/1700000000004-associations.js';
import { Publications1700000000005 } from './migrations/1700000000005-publications.js';
import { Usage1700000000006 } from './migrations/1700000000006-usage.js';
import { Lists1700000000007 } from './migrations/1700000000007-lists.js';
import { Renewals1700000000008 } from './migrations/1700000000008-renewals.js';
import { Imports1700000000009 } from './migrations/1700000000009-imports.js';
import { Retention1700000000010 } from './migrations/1700000000010-retention.js';
import { HandOver1700000000011 } from './migrations/1700000000011-hand-over.js';
import { Letters1700000000012 } from './migrations/1700000000012-letters.js';
import { Record1700000000017 } from './migrations/1700000000017-record.js';
import { StuckClaims1700000000018 } from './migrations/1700000000018-stuck-claims.js';

const migrations = [
  Claims1700000000001,
  Directory1700000000002,
  Evidence1700000000003,
  Associations1700000000004,
  Publications1700000000005,
  Usage1700000000006,
  Lists1700000000007,
  Renewals1700000000008,
  Imports1700000000009,
  Retention1700000000010,
  HandOver1700000000011,
  Letters1700000000012,
  Record1700000000017,
  StuckClaims1700000000018,
];

/**
 * Opens the database as the application: whatever account the address names, statements run as `cpor_app`,
 * which cannot change or delete an event. Instants are exchanged in UTC.
 */
export function createDataSource(url: string, options: { poolSize?: number; applicationName?: string } = {}): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    synchronize: false,
    migrations,
    migrationsTableName: 'migrations',
    poolSize: options.poolSize ?? 10,
    applicationName: options.applicationName ?? 'cpor',
    connectTimeoutMS: 5_000,
    // A statement that hangs must not hold a claim's lock for ever.
    // Pages of lists are short: compiling them costs more than it saves, and what they read by index is in memory.
    extra: {
      options:
        '-c role=cpor_app -c timezone=UTC -c lock_timeout=10s -c jit=off -c random_page_cost=1.1 -c default_transaction_isolation=read\\ committed',
      statement_timeout: 30_000,
      idleTimeoutMillis: 60_000,
    },
    logging: false,
  });
}

/** Opens the database as the owner of its tables, for migrations alone. */
export function createOwnerDataSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    synchronize: false,
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    poolSize: 2,
    applicationName: 'cpor migrations',
    logging: false,
  });
}

/** How many migrations of this version the database still lacks. */
export async function countPendingMigrations(source: DataSource): Promise<number> {
  const applied = await source.query<{ name: string }[]>('SELECT name FROM migrations');
  return migrations.filter((migration) => !applied.some(({ name }) => name === migration.name)).length;
}
