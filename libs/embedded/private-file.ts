import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';

/** Writes a file that only this account can read, completely or not at all. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  // Two writers at once use different temporary files; the last rename wins.
  const half = `${file}.${randomUUID()}`;
  await writeFile(half, text, { mode: 0o600, flag: 'wx', flush: true });
  await rename(half, file);
}
