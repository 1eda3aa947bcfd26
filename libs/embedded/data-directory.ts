import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, realpathSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { dropPostgres } from './postgres.js';
import { identifyProcess, isRunning } from './processes.js';

/** Longer than a concurrent start needs to take over a lock that it considers stale. */
const settleMs = 30;
const lockName = 'stack.lock';

/** What a stack keeps in its data directory, apart from the lock and PostgreSQL. */
const entries = ['temporal', 'mailbox', 'logs', 'stack.json'] as const;

/** A data directory that is locked for this process until it is released. */
export interface DataDirectory {
  /** With symbolic links resolved, because it is searched for in the process list. */
  readonly path: string;
  release(): void;
}

/** Locks a data directory for this process. @throws an Error that names the process holding it */
export async function takeDataDirectory(wanted: string): Promise<DataDirectory> {
  // Others may enter but not list it: PostgreSQL's account must reach its cluster.
  mkdirSync(wanted, { recursive: true, mode: 0o711 });
  const path = realpathSync(wanted);
  const lockFile = join(path, lockName);
  // The UUID tells two stacks of the same process apart.
  const mine = `${await identifyProcess(process.pid)} ${randomUUID()}`;
  for (;;) {
    const holder = tryLock(lockFile, mine);
    if (holder === mine) {
      await delay(settleMs);
      if (readLock(lockFile) === mine) return { path, release: () => release(lockFile, mine) };
      continue;
    }
    const pid = Number(holder?.split(' ')[0]);
    if (holder?.startsWith(`${await identifyProcess(pid)} `) && (await isRunning(pid))) {
      throw new Error(`cpor is already running in ${path} (process ${pid}). Stop it first, or set CPOR_DATA_DIR to another folder.`);
    }
    rmSync(lockFile, { force: true });
  }
}

/** Removes the data of earlier runs, and ends a PostgreSQL that still runs on them. The caller holds the directory's lock. */
export async function emptyDataDirectory(path: string): Promise<void> {
  await dropPostgres(join(path, 'postgres'));
  for (const entry of entries) await rm(join(path, entry), { recursive: true, force: true });
}

function tryLock(lockFile: string, mine: string): string | undefined {
  const own = `${lockFile}.${process.pid}`;
  writeFileSync(own, mine);
  try {
    linkSync(own, lockFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(own);
  }
  return readLock(lockFile);
}

function readLock(lockFile: string): string | undefined {
  try {
    return readFileSync(lockFile, 'utf8');
  } catch {
    return undefined;
  }
}

function release(lockFile: string, mine: string): void {
  if (readLock(lockFile) === mine) rmSync(lockFile, { force: true });
}
