import type { DataSource } from 'typeorm';
import type { ClaimEngine, EngineClaim } from '#libs/engine/index.js';
import { reconciliation } from '../../temporal.config.js';
import { lateClaims } from './late-claims.js';
import { claimsOutOfStep, claimsWithoutWorkflow } from './missing-workflows.js';

/** Why a claim had to be woken, the first that applies. */
export const repairReasons = [
  'command_without_outcome',
  'alarm_overdue',
  'notice_not_attempted',
  'letter_not_attempted',
  'workflow_missing',
  'association_out_of_step',
] as const;
export type RepairReason = (typeof repairReasons)[number];

export interface RepairReport {
  repaired: number;
  /** Claims that could not be woken; the next round finds them again. */
  failed: number;
  byReason: Record<RepairReason, number>;
  /** Why missing workflows could not be found: Temporal's list of workflows did not answer. Null when it did. */
  unlisted: string | null;
}

export interface RepairOptions {
  /** Younger work is left alone. */
  graceSeconds?: number;
  /** Claims that are checked together. */
  pageSize?: number;
  /** Called after each page and each wake-up. */
  onProgress?: (() => void) | undefined;
}

/** How many claims are woken concurrently. */
const concurrency = 16;

/**
 * Finds claims that Temporal should be processing and is not, wakes each, and counts them. A needless wake-up is harmless; work that may
 * still be in flight is skipped only to keep the count honest. What PostgreSQL alone knows comes first: Temporal's list of workflows is a
 * separate component, which may be down or lag behind.
 */
export async function repairClaims(source: DataSource, engine: ClaimEngine, options: RepairOptions = {}): Promise<RepairReport> {
  const { graceSeconds = reconciliation.graceSeconds, pageSize = reconciliation.pageClaims } = options;
  const round = new RepairRound(source, engine, options.onProgress);
  for await (const late of lateClaims(source, graceSeconds, pageSize)) {
    await round.inLanes(late, async (claim) => {
      if (claim.isWoken && (await engine.isRunning(claim.claimId))) round.skip(claim);
      else await round.wake(claim, claim.reason);
    });
  }
  try {
    for await (const claims of claimsWithoutWorkflow(source, engine, graceSeconds, pageSize)) {
      await round.inLanes(claims, (claim) => round.wake(claim, 'workflow_missing'));
    }
    for await (const claims of claimsOutOfStep(source, engine, graceSeconds, pageSize)) {
      await round.inLanes(claims, (claim) => round.wake(claim, 'association_out_of_step'));
    }
  } catch (error) {
    round.report.unlisted = (error as Error).message;
  }
  return round.report;
}

/** One round over all claims: each is woken once, for the first of its reasons. */
class RepairRound {
  readonly report: RepairReport = {
    repaired: 0,
    failed: 0,
    byReason: Object.fromEntries(repairReasons.map((reason) => [reason, 0])) as Record<RepairReason, number>,
    unlisted: null,
  };
  private readonly seen = new Set<string>();

  constructor(
    private readonly source: DataSource,
    private readonly engine: ClaimEngine,
    private readonly onProgress: () => void = () => undefined,
  ) {}

  async inLanes<Claim>(claims: Claim[], handle: (claim: Claim) => Promise<void>): Promise<void> {
    const queue = [...claims];
    const lane = async () => {
      for (let claim = queue.pop(); claim !== undefined; claim = queue.pop()) {
        await handle(claim);
        this.onProgress();
      }
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
    this.onProgress();
  }

  /** Skips a claim that is late but known to be retrying, whatever other reason there is. */
  skip({ claimId }: EngineClaim): void {
    this.seen.add(claimId);
  }

  async wake(claim: EngineClaim, reason: RepairReason): Promise<void> {
    const { claimId } = claim;
    if (this.seen.has(claimId)) return;
    this.seen.add(claimId);
    // A claim that cannot be woken must not block the others.
    const isWoken = await this.engine.wake(claim).then(
      () => true,
      () => false,
    );
    if (!isWoken) {
      this.report.failed++;
      return;
    }
    await this.source.query('INSERT INTO repairs (claim_id, reason) VALUES ($1, $2)', [claimId, reason]);
    this.report.repaired++;
    this.report.byReason[reason]++;
  }
}
