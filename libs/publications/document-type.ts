import type { CalendarVersion } from '#libs/calendar/index.js';
import type { Connection, Published, Table, Versioned } from './published-versions.js';

/** A document as sent, before validation. */
export type Document = Record<string, unknown>;

export interface Fault {
  /** Path such as `products.3.area`; empty if the whole document is at fault. */
  path: string;
  /** Stable; an open list. */
  code: string;
  /** What is wrong and what to do, without a full stop. */
  message: string;
}

export type ParsedDocument<Body> = { ok: true; body: Body } | { ok: false; faults: Fault[] };

/** What differs between programmes and calendars; everything else about publishing them is the same. */
export interface DocumentType<Body extends Versioned> {
  table: Table;
  parse(document: Document): ParsedDocument<Body>;
  /** Finds faults that only the database or the previous version can reveal. `body` is undefined if the document could not be parsed. */
  check(on: Connection, document: Document, body: Body | undefined, latest: Published<Body> | undefined): Promise<Fault[]>;
  /** Returns warnings, which never prevent publication, as of an ISO date: the effective date or today, whichever is later. */
  warn(on: Connection, body: Body, date: string): Promise<Fault[]>;
}

/** A calendar version with the day from which it counts; recorded deadlines never move. */
export type PublishedCalendar = CalendarVersion & { effectiveFrom: string };
