import { execFile } from 'node:child_process';
import { appendFile, rm, stat } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findFreePort } from '#libs/embedded/index.js';
import { binaryOf, clusterOf, copyCluster, writeAs } from '../../support/cluster.js';
import type { Dice } from './dice.js';
import type { Stage } from './stage.js';

const run = promisify(execFile);
const limitMs = 60_000;

/**
 * Sets a synchronous standby up, kills the primary and leads everyone to the promoted standby. Later the standby's data take the primary's
 * place, so that the next fault finds a server like the first one.
 */
export async function failOver(stage: Stage, dice: Dice): Promise<void> {
  const { postgres } = stage;
  const folder = join(stage.folder, 'standby');
  const primary = new Client({ connectionString: postgres.superuserUrl });
  primary.on('error', () => undefined);
  await primary.connect();
  const cluster = await clusterOf(primary);
  const { uid, gid } = await stat(cluster);
  const port = await findFreePort();
  const binary = await binaryOf(postgres.pid);
  await primary.query("ALTER SYSTEM SET wal_keep_size = '256MB'");
  await primary.query('SELECT pg_reload_conf()');
  await copyCluster(primary, cluster, folder);
  const from = new URL(postgres.superuserUrl);
  const conninfo = `host=127.0.0.1 port=${postgres.port} user=postgres password=${from.password} application_name=standby`;
  await appendFile(join(folder, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`);
  await writeAs(cluster, join(folder, 'standby.signal'), '');
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', 'timezone=UTC', 'log_timezone=UTC'];
  const args = ['-D', folder, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const isRoot = process.getuid?.() === 0;
  const standby = spawn(binary, args, { cwd: '/', stdio: 'ignore', env: { LC_ALL: 'C' }, ...(isRoot && { uid, gid }) });
  const ended = once(standby, 'exit');
  try {
    await until('the standby to follow', async () => {
      const { rows } = await primary.query("SELECT FROM pg_stat_replication WHERE application_name = 'standby' AND state = 'streaming'");
      return rows.length === 1;
    });
    await primary.query("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    await primary.query('SELECT pg_reload_conf()');
    await until('the standby to be synchronous', async () => {
      const { rows } = await primary.query("SELECT FROM pg_stat_replication WHERE sync_state = 'sync'");
      return rows.length === 1;
    });
    await delay(dice.between(1_000, 4_000));
    await stage.killServer('postgres');
    const promoted = new Client({ connectionString: postgres.superuserUrl.replace(`:${postgres.port}/`, `:${port}/`) });
    promoted.on('error', () => undefined);
    await promoted.connect();
    await promoted.query('SELECT pg_promote(true, 30)');
    await promoted.end();
    stage.gates.postgres.leadTo(port);
    await delay(dice.between(8_000, 15_000));
    standby.kill('SIGINT');
    await ended;
    await rm(cluster, { recursive: true, force: true });
    await run('cp', ['-a', folder, cluster]);
  } catch (error) {
    await primary.query('ALTER SYSTEM RESET synchronous_standby_names').catch(() => undefined);
    await primary.query('SELECT pg_reload_conf()').catch(() => undefined);
    throw error;
  } finally {
    standby.kill('SIGKILL');
    await primary.end().catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
    await stage.startServer('postgres');
  }
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await delay(200);
  }
}
