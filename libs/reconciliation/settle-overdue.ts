import type { DataSource } from 'typeorm';
import type { DirectoryProvider } from '#libs/directory/index.js';
import type { ClaimEngine } from '#libs/engine/index.js';
import { executeCommands, lookUpForClosings } from '#libs/inbox/index.js';
import { clearStuck, recordStuck, UnknownCommand } from './stuck-claims.js';
import { type ProgrammeLibrary } from '#libs/programmes/index.js';
import { settlement } from '../../temporal.config.js';

export interface SettlementDependencies {
  source: DataSource;
  library: ProgrammeLibrary;
  directory: DirectoryProvider;
  /** Wakes other claims that a settlement has changed, such as a holder that made way. */
  engine: Pick<ClaimEngine, 'wake'>;
  onProgress?: (() => void) | undefined;
}

export interface SettlementReport {
  settled: number;
  /** Claims that could not be settled because the directory did not answer; their own workflows keep retrying. */
  left: number;
  /** Claims with a fault of their own: recorded, and left alone for a while so that they never block others. */
  setAside: number;
}

interface OverdueClaim {
  claimId: string;
  alarmAt: string;
  needsDirectory: boolean;
}

const overdueSql = `
  SELECT claim_id AS "claimId", alarm_at::text AS "alarmAt", (position -> 'alarm' ->> 'needsDirectory')::boolean AS "needsDirectory"
  FROM claims WHERE is_open AND alarm_at < cpor_now() AND (alarm_at, claim_id) > ($1::timestamptz, $2::uuid)
    AND NOT EXISTS (SELECT FROM stuck_claims s WHERE s.claim_id = claims.claim_id AND s.next_at > clock_timestamp())
  ORDER BY alarm_at, claim_id LIMIT $3`;

/** Counts overdue claims, up to a limit. */
export async function countOverdue(source: DataSource, limit: number): Promise<number> {
  const [row] = await source.query<[{ overdue: number }]>(
    'SELECT count(*)::int AS overdue FROM (SELECT FROM claims WHERE is_open AND alarm_at < cpor_now() LIMIT $1) AS found',
    [limit],
  );
  return row.overdue;
}

/**
 * Fires the deadlines of all overdue claims, the oldest first: each claim in the transaction that its own workflow would run, with its lock
 * and its inbox in order, but without a Temporal task per claim and with one question to the directory for many claims.
 */
export async function settleOverdue(dependencies: SettlementDependencies): Promise<SettlementReport> {
  const report: SettlementReport = { settled: 0, left: 0, setAside: 0 };
  let after: Pick<OverdueClaim, 'alarmAt' | 'claimId'> = { alarmAt: '-infinity', claimId: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const claims = await dependencies.source.query<OverdueClaim[]>(overdueSql, [after.alarmAt, after.claimId, settlement.batchClaims]);
    const last = claims.at(-1);
    if (last === undefined) return report;
    after = last;
    await settleBatch(dependencies, claims, report);
    dependencies.onProgress?.();
  }
}

/** Settles deadlines for one process. A request that arrives during a pass waits for that pass to end. */
export class Settlement {
  private pass: Promise<SettlementReport> | undefined;

  constructor(private readonly dependencies: SettlementDependencies) {}

  settle(): Promise<SettlementReport> {
    this.pass ??= settleOverdue(this.dependencies).finally(() => {
      this.pass = undefined;
    });
    return this.pass;
  }
}

async function settleBatch(
  { source, library, directory, engine, onProgress }: SettlementDependencies,
  claims: OverdueClaim[],
  report: SettlementReport,
): Promise<void> {
  const asked = claims.filter(({ needsDirectory }) => needsDirectory).map(({ claimId }) => claimId);
  const { answered, failed } = await lookUpForClosings(directory, source, asked, onProgress).catch((error: unknown) => ({
    answered: [],
    failed: asked.map((claimId) => ({ claimId, error })),
  }));
  // If other claims get answers, the fault is this claim's own; if none does, the directory is down.
  const isSilent = answered.length === 0;
  const setAside = async (claimId: string, step: 'look_up' | 'execute', error: unknown) => {
    report.setAside++;
    await recordStuck(source, claimId, step, error);
  };
  if (isSilent) report.left += failed.length;
  else for (const { claimId, error } of failed) await setAside(claimId, 'look_up', error);
  const queue = claims.filter(({ claimId }) => failed.every((fault) => fault.claimId !== claimId));
  const done: string[] = [];
  const lane = async () => {
    for (let claim = queue.pop(); claim !== undefined; claim = queue.pop()) {
      const { claimId } = claim;
      // A claim that cannot be settled must not block the others.
      await executeCommands(source, library, claimId).then(
        ({ needsDirectory, changed, unknownCommand }) => {
          // The reconciliation catches a failed wake-up.
          for (const other of changed) engine.wake(other).catch(() => undefined);
          if (unknownCommand !== null) return setAside(claimId, 'execute', new UnknownCommand(unknownCommand));
          report[needsDirectory ? 'left' : 'settled']++;
          if (!needsDirectory) done.push(claimId);
        },
        (error: unknown) => setAside(claimId, 'execute', error),
      );
    }
  };
  await Promise.all(Array.from({ length: settlement.claimsAtOnce }, lane));
  await clearStuck(source, done);
}
