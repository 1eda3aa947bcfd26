import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Queryable } from './fault.js';
import { type MadeCheckpoint, makeCheckpoint } from './make-checkpoint.js';

/** Makes a checkpoint in a folder. The file is complete and on disk before the database records it. */
export async function keepCheckpoint(database: Queryable, key: KeyObject, folder: string): Promise<MadeCheckpoint & { file: string }> {
  await mkdir(folder, { recursive: true });
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const half = join(folder, `.${stamp}-${process.pid}.part`);
  const handle = await open(half, 'wx', 0o600);
  let file = half;
  try {
    const made = await makeCheckpoint(database, key, {
      write: (text) => handle.appendFile(text),
      keep: async (number) => {
        await handle.sync();
        const whole = join(folder, `cpor-checkpoint-${String(number).padStart(6, '0')}-${stamp}.jsonl`);
        await rename(half, whole);
        file = whole;
      },
    });
    return { ...made, file };
  } catch (error) {
    // A file that the database did not record is not a checkpoint: another was made meanwhile, or the database was unreachable.
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** Returns whether the last checkpoint is a day old, or there is none. */
export async function isCheckpointDue(database: Queryable): Promise<boolean> {
  const [row] = await database.query<[{ isDue: boolean }]>(
    `SELECT coalesce(max(made_at) <= cpor_now() - interval '1 day', true) AS "isDue" FROM checkpoints`,
  );
  return row.isDue;
}

/** Reads the operator's key from a PEM file. A signature can be checked with either half. */
export async function readCheckpointKey(file: string, half: 'private' | 'public'): Promise<KeyObject> {
  const pem = await readFile(file);
  const key = (() => {
    try {
      return half === 'private' ? createPrivateKey(pem) : createPublicKey(pem);
    } catch {
      return null;
    }
  })();
  if (key?.asymmetricKeyType !== 'ed25519')
    throw new Error(
      `${file} contains no Ed25519 ${half} key in PEM format. Create one with: openssl genpkey -algorithm ed25519 -out checkpoint-key.pem`,
    );
  return key;
}
