import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns a sandbox's link key, which is made at first use and kept in its data directory. Concurrent callers get the same key. */
export function sandboxLinkKey(dataDirectory: string): Uint8Array {
  const file = join(dataDirectory, 'link-key');
  mkdirSync(dataDirectory, { recursive: true });
  try {
    writeFileSync(file, randomBytes(32), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file);
}
