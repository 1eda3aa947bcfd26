import type { DataSource } from 'typeorm';
import { latestOf } from '#libs/claims/index.js';
import { type ExpectedVersion, isExpected, readClock } from '#libs/event-store/index.js';
import type { Change } from './changes.js';
import { assessDocument } from './assess-document.js';
import type { Document, DocumentType, Fault } from './document-type.js';
import { addVersion, publishedVersions, type Versioned } from './published-versions.js';

/** A request to publish a document. */
export interface PublicationRequest {
  /** Name in the URL. */
  name: string;
  document: Document;
  /** The publisher's subject at the token issuer; null for the product itself. */
  by: string | null;
  /** The latest version the sender has seen (0: none), so that no change is lost. Required once a version exists, unless the document states its own. */
  seen: ExpectedVersion | undefined;
  /** Reports what would happen and writes nothing. */
  isDryRun: boolean;
}

export interface PublicationReport {
  result: 'published' | 'unchanged' | 'would_publish' | 'would_be_refused';
  /** The version that the document is, or would become. */
  version: number;
  changes: Change[];
  faults: Fault[];
  /** Warnings never prevent publication. */
  warnings: Fault[];
}

export type PublicationOutcome =
  | PublicationReport
  | { result: 'refused'; faults: Fault[] }
  /** `moved_on`: a newer version exists than the sender has seen. `unseen`: the sender did not say which version it has seen. */
  | { result: 'moved_on' | 'unseen'; latest: number; next: number };

/** Publishes the next version of a document. Idempotent: sending the same document again changes nothing. */
export async function publish<Body extends Versioned>(
  source: DataSource,
  type: DocumentType<Body>,
  request: PublicationRequest,
): Promise<PublicationOutcome> {
  const { name, seen, isDryRun, by } = request;
  const document: Document = { name, ...request.document };
  const all = await publishedVersions<Body>(source, type.table, name);
  const published = all.filter(({ withdrawnAt }) => withdrawnAt === null);
  const next = (all[0]?.version ?? 0) + 1;
  const today = (await readClock(source)).slice(0, 10);
  const assessment = assessDocument({ name, document, published, next, today, parse: (input) => type.parse(input) });
  const { version, changes, body, isUnchanged } = assessment;
  const warnings = body === undefined ? [] : await type.warn(source, body, latestOf([body.effectiveFrom, today])!);
  if (isUnchanged) return { result: 'unchanged', version, changes, faults: [], warnings };

  const latest = published[0];
  const isGuarded = seen !== undefined || document['version'] !== undefined || isDryRun;
  if (latest !== undefined && !isGuarded) return { result: 'unseen', latest: latest.version, next };
  const current = latest?.version ?? (seen === 'any' ? undefined : 0);
  if (seen !== undefined && !isExpected(seen, current)) return { result: 'moved_on', latest: latest?.version ?? 0, next };

  const faults = [...assessment.faults, ...(await type.check(source, document, body, latest))];
  if (isDryRun) return { result: faults.length === 0 ? 'would_publish' : 'would_be_refused', version, changes, faults, warnings };
  if (faults.length > 0 || body === undefined) return { result: 'refused', faults };
  const isAdded = await addVersion(source, type.table, body, by);
  return isAdded ? { result: 'published', version, changes, faults, warnings } : { result: 'moved_on', latest: version, next: version + 1 };
}
