import type { Fields } from './json.js';

/** What somebody began to write from. */
export interface Base {
  /** The latest version when the writing began; undefined for a new name. */
  seen: number | undefined;
  /** The document that the writing began with. */
  document: Fields;
}
