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
 * Opens the database as the application: whatever account the address names, statements run as `cpor_app`,
 * which cannot change or delete an event. Instants are exchanged in UTC.
 */
export function createDataSource(url: string, { poolSize = 10, applicationName = 'cpor', limits }: DatabaseAccess = {}): DataSource {
  // Pages of lists are short: compiling them costs more than it saves, and what they read by index is in memory.
  const settings = ['role=cpor_app', 'timezone=UTC', 'jit=off', 'random_page_cost=1.1', 'default_transaction_isolation=read\\ committed'];
  return open(url, { poolSize, applicationName, settings, limits: { ...databaseLimits, ...limits } });
}

/** Opens the database as the owner of its tables, for migrations alone. */
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
      // A name that leads to another host by now is asked again.
      maxLifetimeSeconds: 1_800,
    },
    logging: false,
  });
}

/** What the server sees to: what hangs, or lost its client, must not hold a claim's lock for ever. */
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

/** How many migrations of this version the database still lacks. */
export async function countPendingMigrations(source: DataSource): Promise<number> {
  const applied = await source.query<{ name: string }[]>('SELECT name FROM migrations');
  return migrations.filter((migration) => !applied.some(({ name }) => name === migration.name)).length;
}
