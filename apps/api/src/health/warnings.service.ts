import { Inject, Injectable } from '@nestjs/common';
import type { Connection } from '@temporalio/client';
import { DataSource } from 'typeorm';
import { ClaimEngine, missingSearchAttributes } from '#libs/engine/index.js';
import { readClock } from '#libs/event-store/index.js';
import { calendarCoverage } from '#libs/publications/index.js';
import { countBehind, countStuck } from '#libs/reconciliation/index.js';
import { clientDeadlines } from '../../../../temporal.config.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { inTime, type ReadinessWarning } from './readiness.js';

/** A claim normally waits for milliseconds. After this long, an operator should know. */
const behindMinutes = 5;
const countLimit = 1_000;
/** Warnings that need Temporal or a count of claims are cached this long, because readiness is probed often. */
const freshMs = 30_000;

/** Finds what an operator should attend to soon: overdue claims, missing search attributes, calendars that run out. */
@Injectable()
export class WarningsService {
  private latest: { warnings: Promise<ReadinessWarning[]>; at: number } | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly engine: ClaimEngine,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  /** Lists the warnings. A source that does not answer adds none, because the readiness checks report it. */
  async list(): Promise<ReadinessWarning[]> {
    const [calendars, engine] = await Promise.all([this.calendars(), inTime(this.engineWarnings()).catch(() => [])]);
    return [...calendars, ...engine];
  }

  private async calendars(): Promise<ReadinessWarning[]> {
    const coverage = readClock(this.source).then((now) => calendarCoverage(this.source, now.slice(0, 10)));
    const calendars = await inTime(coverage).catch(() => []);
    return calendars.filter(({ programmes }) => programmes.length > 0).flatMap(({ warnings }) => warnings);
  }

  private engineWarnings(): Promise<ReadinessWarning[]> {
    if (this.latest === undefined || performance.now() - this.latest.at > freshMs) {
      const sources = [this.behind(), this.searchAttributes()].map((source) => source.catch(() => []));
      this.latest = { warnings: Promise.all(sources).then((found) => found.flat()), at: performance.now() };
    }
    return this.latest.warnings;
  }

  private async behind(): Promise<ReadinessWarning[]> {
    const { claims, since } = await countBehind(this.source, behindMinutes, countLimit);
    if (claims === 0) return [];
    const { claims: failing } = await countStuck(this.source);
    const count = claims === 1 ? '1 claim has' : `${claims === countLimit ? `${countLimit} or more` : claims} claims have`;
    const message = `${count} been waiting for an outcome or an overdue deadline for more than ${behindMinutes} minutes, the longest since ${since}.`;
    const help =
      failing === 0
        ? 'Check that Temporal and a worker are running, then run: cpor reconcile.'
        : `${failing} keep failing at one step; the table stuck_claims shows which step and why.`;
    return [{ code: 'claims_behind', message: `${message} ${help}` }];
  }

  private async searchAttributes(): Promise<ReadinessWarning[]> {
    const { client } = this.engine;
    const { namespace } = this.config.temporal;
    const missing = await client.withDeadline(Date.now() + clientDeadlines.query, () =>
      missingSearchAttributes(client.connection as Connection, namespace),
    );
    if (missing.length === 0) return [];
    const message = `The Temporal namespace lacks the search attributes ${missing.join(', ')}. Claims run, but cannot be searched for in Temporal. Run: cpor migrate.`;
    return [{ code: 'search_attributes_missing', message }];
  }
}
