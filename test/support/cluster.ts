import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chown, mkdir, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findFreePort } from '#libs/embedded/index.js';
import { waitFor } from './wait.js';

const run = promisify(execFile);

// Use these functions to back a PostgreSQL cluster up and to restore it, as an operator would with pg_basebackup, which the embedded server lacks.

/** Where a server keeps its data. */
export async function clusterOf(superuser: Client): Promise<string> {
  const { rows } = await superuser.query<{ data_directory: string }>('SHOW data_directory');
  return rows[0]!.data_directory;
}

/** Copies the files of a running server, with the label that tells the copy from where to replay. */
export async function copyCluster(superuser: Client, cluster: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await superuser.query("SELECT pg_backup_start('copy', true)");
  // Files that vanish meanwhile are replayed from the log.
  await run('cp', ['-a', cluster, folder]).catch(() => undefined);
  const { rows } = await superuser.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
  await writeAs(cluster, join(folder, 'backup_label'), rows[0]!.labelfile);
  await rm(join(folder, 'postmaster.pid'), { force: true });
}

/** Archives the write-ahead log from the server's next start on. */
export async function archiveTo(superuser: Client, archive: string): Promise<void> {
  const { uid, gid } = await stat(await clusterOf(superuser));
  await mkdir(archive, { recursive: true });
  await chown(archive, uid, gid);
  await superuser.query(`ALTER SYSTEM SET archive_mode = 'on'`);
  await superuser.query(`ALTER SYSTEM SET archive_command = 'cp %p ${archive}/%f'`);
}

/** The program that a server's process runs. */
export const binaryOf = (pid: number): Promise<string> => readlink(`/proc/${pid}/exe`);

/**
 * Puts a copy in a cluster's place and replays the archived log up to an instant, RFC 3339. Everything after it is gone. The server must not run, and
 * does not run afterwards.
 */
export async function restoreCluster(
  { copy, archive, cluster }: { copy: string; archive: string; cluster: string },
  until: string,
  server: { binary: string; password: string },
): Promise<void> {
  await rm(cluster, { recursive: true, force: true });
  await run('cp', ['-a', copy, cluster]);
  await appendFile(
    join(cluster, 'postgresql.auto.conf'),
    `restore_command = 'cp ${archive}/%f %p'\nrecovery_target_time = '${until}'\nrecovery_target_action = 'promote'\narchive_mode = 'off'\n`,
  );
  await writeAs(cluster, join(cluster, 'recovery.signal'), '');
  const port = await findFreePort();
  const { uid, gid } = await stat(cluster);
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
  const args = ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const isRoot = process.getuid?.() === 0;
  const process_ = spawn(server.binary, args, { cwd: '/', stdio: 'ignore', env: { LC_ALL: 'C' }, ...(isRoot && { uid, gid }) });
  const ended = once(process_, 'exit');
  try {
    await waitFor('the restored server to be writable', () => isWritable({ port, password: server.password }), 60_000);
  } finally {
    process_.kill('SIGINT');
    await ended;
  }
}

async function isWritable({ port, password }: { port: number; password: string }): Promise<boolean> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' });
  try {
    await client.connect();
    const { rows } = await client.query<{ recovering: boolean }>('SELECT pg_is_in_recovery() AS recovering');
    return rows[0]?.recovering === false;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Writes a file that belongs to the owner of the cluster. */
export async function writeAs(cluster: string, file: string, text: string): Promise<void> {
  const { uid, gid } = await stat(cluster);
  await writeFile(file, text);
  await chown(file, uid, gid);
}
