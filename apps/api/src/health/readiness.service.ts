import { Inject, Injectable, Logger } from '@nestjs/common';
import { ClaimEngine, isPolled } from '#libs/engine/index.js';
import { countPendingMigrations, databaseFaultOf, probeWriting } from '#libs/event-store/index.js';
import { DataSource } from 'typeorm';
import { taskQueues } from '../../../../temporal.config.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { inTime, type Part, type Readiness, type ReadinessCode } from './readiness.js';

/** Result of a check: null if the part is fine, otherwise a code and the details for the log. */
type Finding = { code: ReadinessCode; detail: string } | null;

/** Results are cached this long, because each check writes to the database. */
const freshMs = 2_000;

/** Checks the parts that the API depends on. */
@Injectable()
export class ReadinessService {
  private readonly logger = new Logger('Readiness');
  private readonly known = new Map<keyof Readiness, ReadinessCode | null>();
  private latest: { check: Promise<Readiness>; at: number } | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly engine: ClaimEngine,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  check(): Promise<Readiness> {
    if (this.latest === undefined || performance.now() - this.latest.at > freshMs) {
      this.latest = { check: this.checkParts(), at: performance.now() };
    }
    return this.latest.check;
  }

  private async checkParts(): Promise<Readiness> {
    const [database, migrations, { temporal, worker }] = await Promise.all([
      this.database().catch(databaseFinding),
      this.migrations().catch((): Finding => ({ code: 'unknown', detail: 'The migrations cannot be read.' })),
      this.pollers(),
    ]);
    const findings = { database, migrations, temporal, worker };
    return Object.fromEntries(
      Object.entries(findings).map(([name, finding]) => [name, this.report(name as keyof Readiness, finding)]),
    ) as Readiness;
  }

  /** Reduces a finding to what everyone may see, and logs the details once per change. */
  private report(name: keyof Readiness, finding: Finding): Part {
    const code = finding?.code ?? null;
    if (code !== (this.known.get(name) ?? null)) {
      if (finding === null) this.logger.log(`${name} has recovered.`);
      else this.logger.warn(`${name} is unavailable (${finding.code}): ${finding.detail}`);
    }
    this.known.set(name, code);
    return { ok: code === null, code };
  }

  private async database(): Promise<Finding> {
    const { isClockMoved } = await inTime(probeWriting(this.source));
    if (!isClockMoved || this.config.mode === 'sandbox') return null;
    return { code: 'sandbox_clock_moved', detail: 'The clock of this database was moved, which is allowed only in a sandbox.' };
  }

  private async migrations(): Promise<Finding> {
    const pending = await inTime(countPendingMigrations(this.source));
    return pending === 0 ? null : { code: 'migrations_missing', detail: `${pending} migrations are pending. Run: cpor migrate` };
  }

  private async pollers(): Promise<{ temporal: Finding; worker: Finding }> {
    try {
      const { temporal, deployment } = this.config;
      const queue = { taskQueue: taskQueues.claims, type: 'workflow', deployment: deployment?.name ?? null } as const;
      const hasWorker = await isPolled(this.engine.client, temporal.namespace, queue);
      return {
        temporal: null,
        worker: hasWorker ? null : { code: 'worker_missing', detail: `No worker polls the queue ${taskQueues.claims}.` },
      };
    } catch (error) {
      const why = (error as { details?: string }).details ?? (error as Error).message;
      return {
        temporal: { code: 'temporal_unreachable', detail: `Temporal at ${this.config.temporal.address} does not answer: ${why}` },
        worker: { code: 'unknown', detail: 'Temporal does not answer.' },
      };
    }
  }
}

/** PostgreSQL's code for a missing table. The pending migration is reported instead. */
const undefinedTable = '42P01';

function databaseFinding(error: unknown): Finding {
  const { message, driverError } = error as Error & { driverError?: { code?: string } };
  return driverError?.code === undefinedTable ? null : { code: databaseFaultOf(error) ?? 'database_failed', detail: message };
}
