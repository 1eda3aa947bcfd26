import pg from 'pg';
import { DataSource } from 'typeorm';
import { type DatabaseLimits, databaseLimits, migrationLimits } from './database-limits.js';
import { LimitedPool } from './limited-pool.js';
import { migrations } from './migrations/index.js';

export interface DatabaseAccess {
  poolSize?: number;
  applicationName?: string;
  limits?: Partial<DatabaseLimits>;
}

/**
 * Opens the database as the application. Whatever account the URL names, statements run as `cpor_app`, which cannot change or delete an event.
 * Instants are exchanged in UTC.
 */
export function createDataSource(url: string, { poolSize = 10, applicationName = 'cpor', limits }: DatabaseAccess = {}): DataSource {
  // List pages are short: compiling their statements costs more than it saves, and their indexes are in memory.
  const settings = ['role=cpor_app', 'timezone=UTC', 'jit=off', 'random_page_cost=1.1', 'default_transaction_isolation=read\\ committed'];
  return open(url, { poolSize, applicationName, settings, limits: { ...databaseLimits, ...limits } });
}

/** Opens the database as the owner of its tables. For migrations only. */
export function createOwnerDataSource(url: string): DataSource {
  return open(url, { poolSize: 2, applicationName: 'cpor migrations', settings: [], limits: migrationLimits });
}

function open(url: string, access: Required<DatabaseAccess> & { settings: string[]; limits: DatabaseLimits }): DataSource {
  const { poolSize, applicationName, limits, settings } = access;
  const all = [...settings, ...serverSettings(limits)].map((setting) => `-c ${setting}`).join(' ');
  return new DataSource({
    type: 'postgres',
    url,
    synchronize: false,
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    poolSize,
    applicationName,
    connectTimeoutMS: limits.connectMs,
    driver: { ...pg, Pool: LimitedPool },
    extra: {
      limits,
      options: all,
      keepAlive: true,
      keepAliveInitialDelayMillis: limits.keepAliveMs,
      idleTimeoutMillis: 60_000,
      // So that a host name is resolved again and a moved server is found.
      maxLifetimeSeconds: 1_800,
    },
    logging: false,
  });
}

/** Limits that the server enforces: a statement that hangs or has lost its client must not hold a claim's lock indefinitely. */
function serverSettings({ statementMs, lockMs, idleInTransactionMs, keepAliveMs }: DatabaseLimits): string[] {
  const keepAliveSeconds = Math.ceil(keepAliveMs / 1000);
  return [
    `statement_timeout=${statementMs}`,
    `lock_timeout=${lockMs}`,
    `idle_in_transaction_session_timeout=${idleInTransactionMs}`,
    `tcp_keepalives_idle=${keepAliveSeconds}`,
    'tcp_keepalives_interval=2',
    'tcp_keepalives_count=5',
  ];
}

/** Counts the migrations of this version that the database still lacks. */
export async function countPendingMigrations(source: DataSource): Promise<number> {
  const applied = await source.query<{ name: string }[]>('SELECT name FROM migrations');
  return migrations.filter((migration) => !applied.some(({ name }) => name === migration.name)).length;
}
