import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { readClock } from '#libs/event-store/index.js';
import type { ExplanationView, ProgrammeEntry, UsageSetEntry } from '#libs/notices/index.js';
import { type Policy, ProgrammeLibrary } from '#libs/programmes/index.js';
import { type UsageColumn, usageSets } from '#libs/usage/index.js';

/** Reads what the pages tell customers about programmes. */
@Injectable()
export class ExplanationReader {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  /** Lists the programmes in force, by name. */
  async list(): Promise<ProgrammeEntry[]> {
    const now = await readClock(this.source);
    const policies = await Promise.all((await this.library.programmes()).map((name) => this.library.policyInForce(name, now)));
    return policies.flatMap((policy) => (policy === null ? [] : [{ name: policy.name, vendor: policy.vendor.name }]));
  }

  /** Reads a programme in force; null if there is none of that name. */
  async read(name: string): Promise<Omit<ExplanationView, 'language'> | null> {
    const now = await readClock(this.source);
    const policy = await this.library.policyInForce(name, now);
    if (policy === null) return null;
    const { zone } = await this.library.calendarInForce(policy.calendar, now);
    return { policy, zone, sets: setsOf(policy) };
  }
}

/** The sets with every column that a partner can read under the programme. */
function setsOf({ usage }: Policy): UsageSetEntry[] {
  const isReserved = ({ name, of, isExecutive }: UsageColumn) =>
    isExecutive || [name, ...(of ?? [])].some((column) => usage.executiveColumns.includes(column));
  return Object.values(usageSets).map(({ name, columns }) => ({
    name,
    columns: columns.map((column) => ({ name: column.name, isExecutive: isReserved(column) })),
  }));
}
