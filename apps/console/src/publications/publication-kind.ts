import type { Answer } from '../api/index.js';
import type { PublicationReport, PublishedVersionList } from '../client/index.js';
import type { Fields } from './json.js';

/** What differs between publishing a programme and a calendar. */
export interface PublicationKind {
  /** First part of the keys of its queries. */
  key: 'programme' | 'calendar';
  versions(name: string): Promise<Answer<PublishedVersionList>>;
  version(name: string, version: number): Promise<Fields>;
  /** `seen` is the latest version that the sender knows; undefined for a new name. */
  send(name: string, document: Fields, options: { seen: number | undefined; isDryRun: boolean }): Promise<PublicationReport>;
  /** Takes a scheduled version back; absent where that is impossible. */
  withdraw?(name: string, version: number): Promise<unknown>;
}

/** A version as a document to go on from: what the address and the next publication decide is left out. */
export function contentOf(document: Fields): Fields {
  const { name: _name, version: _version, ...content } = document;
  return content;
}
