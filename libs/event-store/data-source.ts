import { DataSource } from 'typeorm';
import { Claims1700000000001 } from './migrations/1700000000001-claims.js';
import { Directory1700000000002 } from './migrations/1700000000002-directory.js';
import { Evidence1700000000003 } from './migrations/1700000000003-evidence.js';
import { Imports1700000000009 } from './migrations/1700000000009-imports.js';

const migrations = [Claims1700000000001, Directory1700000000002, Evidence1700000000003, Imports1700000000009];

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
    extra: { options: '-c role=cpor_app -c timezone=UTC -c lock_timeout=10s', statement_timeout: 30_000, idleTimeoutMillis: 60_000 },
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
