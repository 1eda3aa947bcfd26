import { z } from 'zod';
import { canonicalJson } from '#libs/event-store/index.js';
import { isBefore, latestOf } from '#libs/claims/index.js';
import { type Change, changesBetween } from './changes.js';
import type { Document, Fault, ParsedDocument } from './document-type.js';
import type { Published, Versioned } from './published-versions.js';

export interface Assessment<Body> {
  /** The version that the document is, or would become. */
  version: number;
  isUnchanged: boolean;
  changes: Change[];
  faults: Fault[];
  body: Body | undefined;
}

export interface AssessmentInput<Body> {
  /** Name in the URL. */
  name: string;
  /** Includes its name. Without a version it becomes the next one. */
  document: Document;
  /** Versions that were not withdrawn, newest first. */
  published: Published<Body>[];
  /** The next version number; the number of a withdrawn version is not reused. */
  next: number;
  /** ISO date of the product's clock, UTC. */
  today: string;
  parse: (document: Document) => ParsedDocument<Body>;
}

/** Compares a document with the published versions and returns what would change, with every fault. Writes nothing. */
export function assessDocument<Body extends Versioned>(input: AssessmentInput<Body>): Assessment<Body> {
  const { name, document, published, next, today, parse } = input;
  const latest = published[0];
  // Without a version, the document may repeat the latest one.
  const stated = document['version'] ?? latest?.version ?? next;
  const same = published.find(({ version }) => version === stated);
  if (same !== undefined && isSame(parse({ ...document, version: same.version }), document, same.body)) {
    return { version: same.version, isUnchanged: true, changes: [], faults: [], body: same.body };
  }
  const candidate = { ...document, version: document['version'] ?? next };
  const parsed = parse(candidate);
  return {
    version: next,
    isUnchanged: false,
    changes: changesBetween(content(latest?.body ?? {}), content(parsed.ok ? parsed.body : candidate)),
    faults: [...(parsed.ok ? [] : parsed.faults), ...nameFaults(name, candidate), ...versionFaults(candidate, published, next, today)],
    body: parsed.ok ? parsed.body : undefined,
  };
}

/** A published document may be sent again unchanged even if today's schema would refuse it. */
function isSame<Body extends Versioned>(parsed: ParsedDocument<Body>, document: Document, body: Body): boolean {
  const sent = parsed.ok ? parsed.body : { ...document, version: body.version };
  return canonicalJson(sent) === canonicalJson(body);
}

const content = ({ name: _name, version: _version, ...rest }: object & { name?: unknown; version?: unknown }): object => rest;

function nameFaults(name: string, document: Document): Fault[] {
  if (document['name'] === name) return [];
  return [{ path: 'name', code: 'name_differs', message: `The URL names ${name}; leave the name out, or use the URL of the other name` }];
}

export const isDate = (value: unknown): value is string => z.iso.date().safeParse(value).success;

/** A version must follow the latest one and take effect after it, so that the rules that existing claims rely on never change. */
function versionFaults({ version, effectiveFrom }: Document, published: Published[], next: number, today: string): Fault[] {
  const [latest] = published;
  const faults: Fault[] = [];
  if (version !== next) {
    const code = published.some((other) => other.version === version) ? 'version_published' : 'version_not_next';
    faults.push({ path: 'version', code, message: `The next version is ${next}; send that number, or leave it out` });
  }
  // An invalid date is already reported by the parser.
  if (latest === undefined || !isDate(effectiveFrom)) return faults;
  const last = latestOf(published.map((other) => other.effectiveFrom))!;
  if (!isBefore(last, effectiveFrom)) {
    const message = `Another version takes effect on ${last}; choose a later date`;
    faults.push({ path: 'effectiveFrom', code: 'effective_from_not_later', message });
  }
  if (isBefore(effectiveFrom, today)) {
    const message = `${effectiveFrom} is in the past, and claims rely on the version in force then; choose ${today} or later`;
    faults.push({ path: 'effectiveFrom', code: 'effective_from_past', message });
  }
  return faults;
}
