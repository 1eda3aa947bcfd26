import { execFile } from 'node:child_process';
import { appendFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Dice } from './dice.js';

const run = promisify(execFile);
/** Far more than a run writes, with the log kept short. */
const sizeMegabytes = 768;
const chunk = Buffer.alloc(1024 * 1024);

/** Gives PostgreSQL a small disk of its own in memory, which only root can. Returns whether it has one. */
export async function makeSmallDisk(folder: string): Promise<boolean> {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return false;
  return run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMegabytes}m,mode=711`, 'tmpfs', folder]).then(
    () => true,
    () => false,
  );
}

export const removeSmallDisk = (folder: string): Promise<unknown> => run('umount', [folder]).catch(() => undefined);

/** Moves what is on the small disk to the disk below it. */
export async function moveOffSmallDisk(folder: string): Promise<void> {
  await run('cp', ['-a', folder, `${folder}.kept`]);
  await removeSmallDisk(folder);
  await rm(folder, { recursive: true, force: true });
  await rename(`${folder}.kept`, folder);
}

/** Fills PostgreSQL's disk to the last byte for a while. */
export async function fillDisk(stage: { hasSmallDisk: boolean; folder: string }, dice: Dice): Promise<void> {
  if (!stage.hasSmallDisk) throw new Error('only root can give PostgreSQL a small disk');
  const file = join(stage.folder, 'postgres', 'filler');
  const end = performance.now() + dice.between(6_000, 12_000);
  try {
    // Whatever the server frees is taken again.
    while (performance.now() < end) await appendFile(file, chunk).catch(() => delay(50));
  } finally {
    await rm(file, { force: true });
  }
}
