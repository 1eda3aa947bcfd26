import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';

/** Writes a file that only this account can read; it is there completely or not at all. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  // Of two writers at once, each has a half of its own and the last one's stays.
  const half = `${file}.${randomUUID()}`;
  await writeFile(half, text, { mode: 0o600, flag: 'wx', flush: true });
  await rename(half, file);
}
