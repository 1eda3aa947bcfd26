import { Inject, Injectable } from '@nestjs/common';
import { ClaimEngine } from '#libs/engine/index.js';
import { countPendingMigrations } from '#libs/event-store/index.js';
import { calendarCoverage } from '#libs/publications/index.js';
import { readClock } from '#libs/sandbox/index.js';
import { DataSource } from 'typeorm';
import { clientDeadlines, taskQueues } from '../../../../temporal.config.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';

export interface Part {
  ok: boolean;
  /** What is wrong; null when nothing is. */
  why: string | null;
}

/** What does not make anything unready. */
export interface ReadinessWarning {
  code: string;
  message: string;
}

export type Readiness = Record<'database' | 'migrations' | 'temporal' | 'worker', Part>;

/** A worker's poll lasts a minute; one that is older has no worker behind it. */
const pollAgeMs = 90_000;
const databaseLimitMs = 2_000;

/** Looks whether everything is there that the product needs. */
@Injectable()
export class ReadinessService {
  constructor(
    private readonly source: DataSource,
    private readonly engine: ClaimEngine,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  async check(): Promise<Readiness> {
    const [database, migrations, temporal] = await Promise.all([
      part(this.inTime(this.source.query('SELECT 1'))),
      part(this.inTime(this.missingMigrations())),
      this.pollers(),
    ]);
    return { database, migrations, ...temporal };
  }

  /** Calendars that soon know no holidays for the deadlines that are counted by them; none while the database does not answer. */
  async warnings(): Promise<ReadinessWarning[]> {
    const coverage = readClock(this.source).then((now) => calendarCoverage(this.source, now.slice(0, 10)));
    const calendars = await this.inTime(coverage).catch(() => []);
    return calendars.filter(({ programmes }) => programmes.length > 0).flatMap(({ warnings }) => warnings);
  }

  private async missingMigrations(): Promise<string | null> {
    const pending = await countPendingMigrations(this.source);
    return pending === 0 ? null : `${pending} migrations are missing; run: npm run cpor migrate`;
  }

  private async pollers(): Promise<Pick<Readiness, 'temporal' | 'worker'>> {
    try {
      const seenAt = await this.lastPollAt();
      const isPolled = seenAt !== null && Date.now() - seenAt < pollAgeMs;
      const why = isPolled ? null : `no worker polls the queue ${taskQueues.claims}`;
      return { temporal: { ok: true, why: null }, worker: { ok: isPolled, why } };
    } catch (error) {
      const why = `Temporal at ${this.config.temporal.address} does not answer`;
      const code = (error as { details?: string }).details ?? (error as Error).message;
      return { temporal: { ok: false, why: `${why}: ${code}` }, worker: { ok: false, why: 'unknown while Temporal does not answer' } };
    }
  }

  /** When a worker last asked for workflow tasks, in milliseconds; null when none did of late. */
  private async lastPollAt(): Promise<number | null> {
    const { client } = this.engine;
    const request = { namespace: this.config.temporal.namespace, taskQueue: { name: taskQueues.claims }, taskQueueType: 1 };
    const { pollers } = await client.withDeadline(Date.now() + clientDeadlines.query, () =>
      client.workflowService.describeTaskQueue(request),
    );
    const seen = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000);
    return seen.length === 0 ? null : Math.max(...seen);
  }

  private inTime<Result>(work: Promise<Result>): Promise<Result> {
    const limit = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`no answer within ${databaseLimitMs / 1000} s`)), databaseLimitMs).unref();
    });
    return Promise.race([work, limit]);
  }
}

/** A part is well when its check ends without a complaint. */
async function part(check: Promise<unknown>): Promise<Part> {
  try {
    const complaint = await check;
    return typeof complaint === 'string' ? { ok: false, why: complaint } : { ok: true, why: null };
  } catch (error) {
    return { ok: false, why: (error as Error).message };
  }
}
