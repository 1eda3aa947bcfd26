import type { ClaimFile } from './read-file.js';

export interface SentFile {
  file: ClaimFile;
  /** A table as it was sent: with the API's column names. */
  table: string[][] | null;
}

/**
 * Files sent from this tab, by the id of what was sent, so that refused rows can be given back: the API erases a row's content as soon as it has an outcome. After
 * the tab is closed, the person chooses the file again.
 */
const sent = new Map<string, SentFile>();
const remembered = 10;

export function rememberFile(id: string, file: SentFile): void {
  sent.set(id, file);
  const [oldest] = sent.keys();
  if (sent.size > remembered && oldest !== undefined) sent.delete(oldest);
}

export const sentFile = (id: string): SentFile | undefined => sent.get(id);
