import type { DataSource, EntityManager } from 'typeorm';
import type { CalendarVersion } from '#libs/calendar/index.js';
import type { Policy } from './policy.js';

interface VersionRow<Body> {
  name: string;
  version: number;
  effective_from: Date;
  /** Taken back before it took effect: it never is in force. */
  is_withdrawn: boolean;
  body: Body;
}

type Connection = Pick<DataSource | EntityManager, 'query'>;

/** How long a process may go on with the versions it knows before it asks for newer ones. */
const refreshMs = 5_000;

/**
 * The published versions of policies and calendars. A published version never changes, so each is read once;
 * which one is in force is looked up at an instant of the product's clock. Within a transaction, give its connection: when every
 * connection of a pool waits for a second one, none comes.
 */
export class ProgrammeLibrary {
  private policies: VersionRow<Policy>[] = [];
  private calendars: VersionRow<CalendarVersion>[] = [];
  private readAt = 0;
  /** The latest instant of the product's clock at which versions were asked for anew. */
  private askedFor = 0;

  constructor(private readonly source: DataSource) {}

  /** The policy of a programme that is in force at an instant, or null when the programme is unknown. */
  async policyInForce(name: string, at: string, on: Connection = this.source): Promise<Policy | null> {
    await this.refresh(on, this.hasLeapt(at) || inForce(this.policies, name, at) === undefined);
    return inForce(this.policies, name, at) ?? null;
  }

  /** A pinned policy version such as `sample@1`. */
  async policy(reference: string, on: Connection = this.source): Promise<Policy> {
    await this.refresh(
      on,
      this.policies.every((row) => `${row.name}@${row.version}` !== reference),
    );
    const row = this.policies.find((one) => `${one.name}@${one.version}` === reference);
    if (row === undefined) throw new Error(`Policy ${reference} is not published.`);
    return row.body;
  }

  async calendarInForce(name: string, at: string, on: Connection = this.source): Promise<CalendarVersion> {
    await this.refresh(on, this.hasLeapt(at) || inForce(this.calendars, name, at) === undefined);
    const calendar = inForce(this.calendars, name, at);
    if (calendar === undefined) throw new Error(`No version of calendar ${name} is in force at ${at}.`);
    return calendar;
  }

  /** The names of the programmes, for messages and lists. */
  async programmes(on: Connection = this.source): Promise<string[]> {
    await this.refresh(on);
    return [...new Set(this.policies.map((row) => row.name))];
  }

  /** Asks anew at the next use, after a publication by this process; the others follow within seconds. */
  forget(): void {
    this.readAt = 0;
  }

  /** A sandbox's clock leaps: what was published a moment ago may be in force behind the leap. */
  private hasLeapt(at: string): boolean {
    const instant = Date.parse(at);
    const hasLeapt = instant > this.askedFor + refreshMs;
    if (hasLeapt) this.askedFor = instant;
    return hasLeapt;
  }

  private async refresh(on: Connection, isNeeded = false): Promise<void> {
    // Whoever names what is not known looks for itself: it may have been published a moment ago.
    if (!isNeeded && Date.now() - this.readAt < refreshMs) return;
    // One asks for newer versions; the others go on with what is known.
    if (this.readAt > 0) this.readAt = Date.now();
    this.policies = await read<Policy>(on, 'policies');
    this.calendars = await read<CalendarVersion>(on, 'calendars');
    this.readAt = Date.now();
  }
}

const withdrawn = {
  policies: 'EXISTS (SELECT FROM policy_withdrawals w WHERE w.name = v.name AND w.version = v.version)',
  calendars: 'false',
};

function read<Body>(on: Connection, table: 'policies' | 'calendars'): Promise<VersionRow<Body>[]> {
  return on.query(
    `SELECT name, version, effective_from, ${withdrawn[table]} AS is_withdrawn, body FROM ${table} v ORDER BY name, effective_from, version`,
  );
}

function inForce<Body>(rows: VersionRow<Body>[], name: string, at: string): Body | undefined {
  return rows.findLast((row) => row.name === name && !row.is_withdrawn && row.effective_from.getTime() <= Date.parse(at))?.body;
}
