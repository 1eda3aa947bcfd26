import type { ClaimFile } from './read-file.js';

interface SentFile {
  file: ClaimFile;
  /** A table as it was sent: with the API's column names. */
  table: string[][] | null;
}

/**
 * Files sent from this tab, by import, so that refused rows can be given back: the API erases a row's content as soon as it has an outcome. After
 * the tab is closed, the person chooses the file again.
 */
const sent = new Map<string, SentFile>();
const remembered = 10;

export function rememberFile(importId: string, file: SentFile): void {
  sent.set(importId, file);
  const [oldest] = sent.keys();
  if (sent.size > remembered && oldest !== undefined) sent.delete(oldest);
}

export const sentFile = (importId: string): SentFile | undefined => sent.get(importId);
