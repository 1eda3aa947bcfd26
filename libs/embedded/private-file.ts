import { rename, rm, writeFile } from 'node:fs/promises';

/** Writes a file that only this account can read; it is there completely or not at all. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  const half = `${file}.${process.pid}`;
  await rm(half, { force: true });
  await writeFile(half, text, { mode: 0o600, flag: 'wx', flush: true });
  await rename(half, file);
}
