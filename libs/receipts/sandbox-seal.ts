import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#libs/config/index.js';
import { newPair } from './pair.js';
import { readSeal, type Seal } from './seal.js';

/**
 * Returns what this installation seals its receipts with: the pair in CPOR_SEAL_FILE, or a sandbox's own. Null when production has none, and so makes
 * no receipts: an unsealed one would look like proof. They can be made later, from the same record.
 * @throws SealError with one sentence for the operator
 */
export async function sealOf({ mode, dataDirectory, sealFile }: Pick<Config, 'mode' | 'dataDirectory' | 'sealFile'>): Promise<Seal | null> {
  if (sealFile !== null) return readSeal(sealFile, new Date());
  return mode === 'sandbox' ? sandboxSeal(dataDirectory) : null;
}

/** Stands in the certificate of every sandbox, where every PDF reader shows it. */
export const sandboxName = 'cpor sandbox (proves nothing)';

/** Where a sandbox keeps its key and certificate. */
export const sandboxSealFile = (dataDirectory: string): string => join(dataDirectory, 'seal.pem');

/** Returns a sandbox's seal, which is made at first use and kept in its data directory. Concurrent callers get the same one. */
export async function sandboxSeal(dataDirectory: string): Promise<Seal> {
  const file = sandboxSealFile(dataDirectory);
  if (!exists(file)) await publishPair(dataDirectory, file);
  // The clock of a sandbox moves, so its certificate has no end, and the machine's time is as good as any.
  return { ...readSeal(file, new Date()), isSandbox: true };
}

function exists(file: string): boolean {
  try {
    return readFileSync(file).length > 0;
  } catch {
    return false;
  }
}

/** Writes the pair to a file of its own and links it into place: the link is atomic, and only the first of several writers succeeds. */
async function publishPair(directory: string, file: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, await newPair({ name: sandboxName, from: new Date(Date.UTC(2000, 0, 1)), to: null }), { flag: 'wx', mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}
