import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The link key of a sandbox, made at first use and kept in its data directory. Of several that come at once, the first one's is used. */
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
