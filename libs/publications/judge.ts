import { z } from 'zod';
import { canonicalJson } from '#libs/event-store/index.js';
import { isBefore, latestOf } from '#libs/claims/index.js';
import { type Change, changesBetween } from './changes.js';
import type { Published, Versioned } from './published.js';

export interface Fault {
  /** Where it is, such as `products.3.area`; empty for the whole. */
  path: string;
  /** Stable; an open list. */
  code: string;
  message: string;
}

export type Document = Record<string, unknown>;

/** A document read as what it is published as, or what is wrong with it. */
export type Reading<Body> = { ok: true; body: Body } | { ok: false; faults: Fault[] };

/** What a document amounts to beside what is published under its name. */
export interface Judgement<Body> {
  /** The version it is, or would become. */
  version: number;
  isUnchanged: boolean;
  changes: Change[];
  faults: Fault[];
  body: Body | undefined;
}

export interface Question<Body> {
  /** Name in the address. */
  name: string;
  /** With its name; without a version it becomes the next. */
  document: Document;
  /** Those that stand, the newest first. */
  published: Published<Body>[];
  /** The number that the next version gets: one that was taken back keeps its own. */
  next: number;
  /** ISO date of the product's clock, UTC. */
  today: string;
  read: (document: Document) => Reading<Body>;
}

/** Compares a document with the published versions: nothing is written, and every fault is found at once. */
export function judge<Body extends Versioned>({ name, document, published, next, today, read }: Question<Body>): Judgement<Body> {
  const latest = published[0];
  // Without a version it is the latest again, or else the next.
  const stated = document['version'] ?? latest?.version ?? next;
  const same = published.find(({ version }) => version === stated);
  if (same !== undefined && isSame(read({ ...document, version: same.version }), document, same.body)) {
    return { version: same.version, isUnchanged: true, changes: [], faults: [], body: same.body };
  }
  const candidate = { ...document, version: document['version'] ?? next };
  const reading = read(candidate);
  return {
    version: next,
    isUnchanged: false,
    changes: changesBetween(content(latest?.body ?? {}), content(reading.ok ? reading.body : candidate)),
    faults: [...(reading.ok ? [] : reading.faults), ...nameFaults(name, candidate), ...placeFaults(candidate, published, next, today)],
    body: reading.ok ? reading.body : undefined,
  };
}

/** What was published under older rules may be sent back as it was, though it could not be published anew. */
function isSame<Body extends Versioned>(reading: Reading<Body>, document: Document, body: Body): boolean {
  const sent = reading.ok ? reading.body : { ...document, version: body.version };
  return canonicalJson(sent) === canonicalJson(body);
}

const content = ({ name: _name, version: _version, ...rest }: object & { name?: unknown; version?: unknown }): object => rest;

function nameFaults(name: string, document: Document): Fault[] {
  if (document['name'] === name) return [];
  return [{ path: 'name', code: 'name_differs', message: `The address says ${name}; leave the name out, or send it to its own address` }];
}

export const isDate = (value: unknown): value is string => z.iso.date().safeParse(value).success;

/** A version follows the latest, and takes effect after it: what claims have relied on stays what it was. */
function placeFaults({ version, effectiveFrom }: Document, published: Published[], next: number, today: string): Fault[] {
  const [latest] = published;
  const faults: Fault[] = [];
  if (version !== next) {
    const code = published.some((one) => one.version === version) ? 'version_published' : 'version_not_next';
    faults.push({ path: 'version', code, message: `The next version is ${next}; send that, or leave it out` });
  }
  // What is no date has a fault of its own.
  if (latest === undefined || !isDate(effectiveFrom)) return faults;
  const last = latestOf(published.map((one) => one.effectiveFrom))!;
  if (!isBefore(last, effectiveFrom)) {
    const message = `A version takes effect from ${last} on; choose a later date`;
    faults.push({ path: 'effectiveFrom', code: 'effective_from_not_later', message });
  }
  if (isBefore(effectiveFrom, today)) {
    const message = `${effectiveFrom} is over, and claims rely on what was in force then; choose ${today} or later`;
    faults.push({ path: 'effectiveFrom', code: 'effective_from_past', message });
  }
  return faults;
}
