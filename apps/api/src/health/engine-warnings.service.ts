import { Inject, Injectable } from '@nestjs/common';
import type { Connection } from '@temporalio/client';
import { DataSource } from 'typeorm';
import { ClaimEngine, missingSearchAttributes } from '#libs/engine/index.js';
import { countBehind, countStuck } from '#libs/reconciliation/index.js';
import { clientDeadlines } from '../../../../temporal.config.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import type { ReadinessWarning } from './readiness.service.js';

/** A claim waits for milliseconds, or for what is away; whoever waits for so long may wait for a person. */
const behindMinutes = 5;
const mostCounted = 1_000;
/** However often it is asked. */
const freshMs = 30_000;

/** What is tried without end, or stands still, is seen here by its number: no claim waits for cpor unseen. */
@Injectable()
export class EngineWarnings {
  private latest: { warnings: Promise<ReadinessWarning[]>; at: number } | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly engine: ClaimEngine,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  /** What cannot be asked now is no warning: readiness tells of it by itself. */
  warnings(): Promise<ReadinessWarning[]> {
    if (this.latest === undefined || performance.now() - this.latest.at > freshMs) {
      const looks = [this.behind(), this.searchAttributes()].map((look) => look.catch(() => []));
      this.latest = { warnings: Promise.all(looks).then((found) => found.flat()), at: performance.now() };
    }
    return this.latest.warnings;
  }

  private async behind(): Promise<ReadinessWarning[]> {
    const { claims, since } = await countBehind(this.source, behindMinutes, mostCounted);
    if (claims === 0) return [];
    const { claims: failing } = await countStuck(this.source);
    const count =
      claims === 1 ? 'One claim waits' : `${claims === mostCounted ? `${mostCounted} claims or more` : `${claims} claims`} wait`;
    const message = `${count} for an outcome or a passed deadline for more than ${behindMinutes} minutes, since ${since} the longest.`;
    const help =
      failing === 0
        ? 'See that Temporal and a worker run, then: cpor reconcile.'
        : `A step of ${failing} fails again and again; the table stuck_claims says which and why.`;
    return [{ code: 'claims_behind', message: `${message} ${help}` }];
  }

  private async searchAttributes(): Promise<ReadinessWarning[]> {
    const { client } = this.engine;
    const { namespace } = this.config.temporal;
    const missing = await client.withDeadline(Date.now() + clientDeadlines.query, () =>
      missingSearchAttributes(client.connection as Connection, namespace),
    );
    if (missing.length === 0) return [];
    const message = `The Temporal namespace lacks ${missing.join(', ')}. Claims run, but cannot be searched for there. Run: cpor migrate.`;
    return [{ code: 'search_attributes_missing', message }];
  }
}
