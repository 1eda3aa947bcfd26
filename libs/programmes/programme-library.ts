import type { DataSource, EntityManager } from 'typeorm';
import type { CalendarVersion } from '#libs/calendar/index.js';
import type { Policy } from './policy.js';

interface VersionRow<Body> {
  name: string;
  version: number;
  effective_from: Date;
  /** Withdrawn before it took effect, so never in force. */
  is_withdrawn: boolean;
  body: Body;
}

type Connection = Pick<DataSource | EntityManager, 'query'>;

/** How long a process uses its cached versions before it reads newer ones. */
const refreshMs = 5_000;

/**
 * Caches the published versions of policies and calendars, which never change, and finds the one in force at an instant of the product's
 * clock. Inside a transaction, pass its connection: taking a second one from the pool can deadlock.
 */
export class ProgrammeLibrary {
  private policies: VersionRow<Policy>[] = [];
  private calendars: VersionRow<CalendarVersion>[] = [];
  private readAt = 0;
  /** The latest instant for which the versions were refreshed. */
  private refreshedFor = 0;

  constructor(private readonly source: DataSource) {}

  /** Returns the policy in force at an instant, or null if the programme is unknown. */
  async policyInForce(name: string, at: string, on: Connection = this.source): Promise<Policy | null> {
    await this.refresh(on, this.hasLeapt(at) || inForce(this.policies, name, at) === undefined);
    return inForce(this.policies, name, at) ?? null;
  }

  /** Returns a pinned policy version such as `sample@1`. */
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

  /** Returns a pinned calendar version such as `us-federal@1`. */
  async calendar(reference: string, on: Connection = this.source): Promise<CalendarVersion> {
    const isWanted = (row: VersionRow<CalendarVersion>) => `${row.name}@${row.version}` === reference;
    await this.refresh(on, !this.calendars.some(isWanted));
    const row = this.calendars.find(isWanted);
    if (row === undefined) throw new Error(`Calendar ${reference} is not published.`);
    return row.body;
  }

  /** Returns the names of all programmes, for messages and lists. */
  async programmes(on: Connection = this.source): Promise<string[]> {
    await this.refresh(on);
    return [...new Set(this.policies.map((row) => row.name))];
  }

  /** Refreshes the cache at the next use. Call it after a publication; other processes follow within seconds. */
  forget(): void {
    this.readAt = 0;
  }

  /** In a sandbox the clock can jump ahead, past the effective date of a version that is not cached yet. */
  private hasLeapt(at: string): boolean {
    const instant = Date.parse(at);
    const hasLeapt = instant > this.refreshedFor + refreshMs;
    if (hasLeapt) this.refreshedFor = instant;
    return hasLeapt;
  }

  private async refresh(on: Connection, isNeeded = false): Promise<void> {
    // An unknown name or reference may just have been published, so it always refreshes.
    if (!isNeeded && Date.now() - this.readAt < refreshMs) return;
    // One caller refreshes; meanwhile the others use the cached versions.
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
