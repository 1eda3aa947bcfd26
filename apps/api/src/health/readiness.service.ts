import { Inject, Injectable, Logger } from '@nestjs/common';
import { ClaimEngine } from '#libs/engine/index.js';
import { countPendingMigrations, databaseFaultOf, probeWriting, readClock } from '#libs/event-store/index.js';
import { calendarCoverage } from '#libs/publications/index.js';
import { DataSource } from 'typeorm';
import { clientDeadlines, taskQueues } from '../../../../temporal.config.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { EngineWarnings } from './engine-warnings.service.js';

/** What can be wrong, for machines and for whoever may not see more. What exactly is, stands in the log. */
export const readinessCodes = [
  'database_unreachable',
  'database_read_only',
  'database_full',
  'database_overloaded',
  'database_failed',
  'sandbox_clock_moved',
  'migrations_missing',
  'temporal_unreachable',
  'worker_missing',
  'unknown',
] as const;

export type ReadinessCode = (typeof readinessCodes)[number];

export interface Part {
  ok: boolean;
  /** What is wrong; null when nothing is. */
  code: ReadinessCode | null;
}

/** What does not make anything unready. */
export interface ReadinessWarning {
  code: string;
  message: string;
}

export type Readiness = Record<'database' | 'migrations' | 'temporal' | 'worker', Part>;

/** What a check found: nothing, or a code and what an operator needs to know beside it. */
type Finding = { code: ReadinessCode; detail: string } | null;

/** A worker's poll lasts a minute; one that is older has no worker behind it. */
const pollAgeMs = 90_000;
const databaseLimitMs = 2_000;
/** However often it is asked, and by however many: the database is written to no more often. */
const freshMs = 2_000;

/** Looks whether everything is there that the product needs. */
@Injectable()
export class ReadinessService {
  private readonly logger = new Logger('Readiness');
  private readonly known = new Map<keyof Readiness, ReadinessCode | null>();
  private latest: { check: Promise<Readiness>; at: number } | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly engine: ClaimEngine,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
    private readonly engineWarnings: EngineWarnings,
  ) {}

  check(): Promise<Readiness> {
    if (this.latest === undefined || performance.now() - this.latest.at > freshMs) {
      this.latest = { check: this.look(), at: performance.now() };
    }
    return this.latest.check;
  }

  private async look(): Promise<Readiness> {
    const [database, migrations, { temporal, worker }] = await Promise.all([
      this.database().catch(databaseFinding),
      this.migrations().catch((): Finding => ({ code: 'unknown', detail: 'The database does not tell.' })),
      this.pollers(),
    ]);
    const findings = { database, migrations, temporal, worker };
    return Object.fromEntries(
      Object.entries(findings).map(([name, finding]) => [name, this.tell(name as keyof Readiness, finding)]),
    ) as Readiness;
  }

  async warnings(): Promise<ReadinessWarning[]> {
    const [calendars, engine] = await Promise.all([this.calendars(), this.inTime(this.engineWarnings.warnings()).catch(() => [])]);
    return [...calendars, ...engine];
  }

  /** Calendars that soon know no holidays for the deadlines that are counted by them; none while the database does not answer. */
  private async calendars(): Promise<ReadinessWarning[]> {
    const coverage = readClock(this.source).then((now) => calendarCoverage(this.source, now.slice(0, 10)));
    const calendars = await this.inTime(coverage).catch(() => []);
    return calendars.filter(({ programmes }) => programmes.length > 0).flatMap(({ warnings }) => warnings);
  }

  /** A part as everybody may see it; the log has the rest, once for each change. */
  private tell(name: keyof Readiness, finding: Finding): Part {
    const code = finding?.code ?? null;
    if (code !== (this.known.get(name) ?? null)) {
      if (finding === null) this.logger.log(`${name} is well again.`);
      else this.logger.warn(`${name} is not well (${finding.code}): ${finding.detail}`);
    }
    this.known.set(name, code);
    return { ok: code === null, code };
  }

  private async database(): Promise<Finding> {
    const { isClockMoved } = await this.inTime(probeWriting(this.source));
    if (!isClockMoved || this.config.mode === 'sandbox') return null;
    return { code: 'sandbox_clock_moved', detail: 'The clock of this database was moved, which only a sandbox may do.' };
  }

  private async migrations(): Promise<Finding> {
    const pending = await this.inTime(countPendingMigrations(this.source));
    return pending === 0 ? null : { code: 'migrations_missing', detail: `${pending} are missing; run: cpor migrate` };
  }

  private async pollers(): Promise<{ temporal: Finding; worker: Finding }> {
    try {
      const seenAt = await this.lastPollAt();
      const isPolled = seenAt !== null && Date.now() - seenAt < pollAgeMs;
      return { temporal: null, worker: isPolled ? null : { code: 'worker_missing', detail: `None polls the queue ${taskQueues.claims}.` } };
    } catch (error) {
      const why = (error as { details?: string }).details ?? (error as Error).message;
      return {
        temporal: { code: 'temporal_unreachable', detail: `Temporal at ${this.config.temporal.address} does not answer: ${why}` },
        worker: { code: 'unknown', detail: 'Temporal does not answer.' },
      };
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
      const late = Object.assign(new Error(`No answer within ${databaseLimitMs / 1000} s.`), { code: 'ETIMEDOUT' });
      setTimeout(() => reject(late), databaseLimitMs).unref();
    });
    return Promise.race([work, limit]);
  }
}

/** PostgreSQL's code of a table that is not there: before its migration, which is told as missing. */
const undefinedTable = '42P01';

function databaseFinding(error: unknown): Finding {
  const { message, driverError } = error as Error & { driverError?: { code?: string } };
  return driverError?.code === undefinedTable ? null : { code: databaseFaultOf(error) ?? 'database_failed', detail: message };
}
