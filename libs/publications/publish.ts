import type { DataSource } from 'typeorm';
import { latestOf } from '#libs/claims/index.js';
import { readClock } from '#libs/event-store/index.js';
import type { Change } from './changes.js';
import { type Document, type Fault, judge, type Judgement, type Reading } from './judge.js';
import { addVersion, type Connection, type Published, publishedVersions, type Table, type Versioned } from './published.js';

/** A document that somebody wants to be in force. */
export interface PublicationRequest {
  /** Name in the address. */
  name: string;
  document: Document;
  /** The issuer's id of who publishes; null for the product itself. */
  by: string | null;
  /** The newest version the sender has seen; needed once there is one, unless the document names its own, so that no change is lost. */
  seen: number | undefined;
  /** Says what would come of it and writes nothing. */
  isDryRun: boolean;
}

export interface PublicationReport {
  result: 'published' | 'unchanged' | 'would_publish' | 'would_be_refused';
  /** The version it is, or would become. */
  version: number;
  changes: Change[];
  faults: Fault[];
  /** What is worth knowing and refuses nothing. */
  warnings: Fault[];
}

export type PublicationOutcome =
  | PublicationReport
  | { result: 'refused'; faults: Fault[] }
  /** `moved_on`: another version is the latest than the one seen. `unseen`: the sender did not say which it has seen. */
  | { result: 'moved_on' | 'unseen'; latest: number; next: number };

/** What is published the same way whatever it is about. */
export interface Kind<Body extends Versioned> {
  table: Table;
  read(document: Document): Reading<Body>;
  /** What only the database, or the version before, tells to be wrong; the body is there when the document could be read. */
  check(on: Connection, document: Document, body: Body | undefined, latest: Published<Body> | undefined): Promise<Fault[]>;
  /** What is worth a warning on an ISO date: the day it takes effect, or today. */
  warn(on: Connection, body: Body, date: string): Promise<Fault[]>;
}

/** Publishes the next version of a document, once: the same document again changes nothing and says so. */
export async function publish<Body extends Versioned>(
  source: DataSource,
  kind: Kind<Body>,
  request: PublicationRequest,
): Promise<PublicationOutcome> {
  const { name, seen, isDryRun, by } = request;
  const document: Document = { name, ...request.document };
  const all = await publishedVersions<Body>(source, kind.table, name);
  const published = all.filter(({ withdrawnAt }) => withdrawnAt === null);
  const next = (all[0]?.version ?? 0) + 1;
  const today = (await readClock(source)).slice(0, 10);
  const judgement = judge({ name, document, published, next, today, read: (input) => kind.read(input) });
  const { version, changes, body, isUnchanged } = judgement;
  const warnings = body === undefined ? [] : await kind.warn(source, body, latestOf([body.effectiveFrom, today])!);
  if (isUnchanged) return { result: 'unchanged', version, changes, faults: [], warnings };

  const latest = published[0];
  const isGuarded = seen !== undefined || document['version'] !== undefined || isDryRun;
  if (latest !== undefined && !isGuarded) return { result: 'unseen', latest: latest.version, next };
  if (seen !== undefined && seen !== (latest?.version ?? 0)) return { result: 'moved_on', latest: latest?.version ?? 0, next };

  const faults = await allFaults(source, kind, document, judgement, latest);
  if (isDryRun) return { result: faults.length === 0 ? 'would_publish' : 'would_be_refused', version, changes, faults, warnings };
  if (faults.length > 0 || body === undefined) return { result: 'refused', faults };
  const isAdded = await addVersion(source, kind.table, body, by);
  return isAdded ? { result: 'published', version, changes, faults, warnings } : { result: 'moved_on', latest: version, next: version + 1 };
}

async function allFaults<Body extends Versioned>(
  source: DataSource,
  kind: Kind<Body>,
  document: Document,
  { faults, body }: Judgement<Body>,
  latest: Published<Body> | undefined,
): Promise<Fault[]> {
  return [...faults, ...(await kind.check(source, document, body, latest))];
}
