import { executeCommands, type Execution } from '#libs/inbox/index.js';
import { clearStuck, OverdueWatch, recordStuck, type Settlement, SharedDeadlines } from '#libs/reconciliation/index.js';
import { type ProgrammeLibrary } from '#libs/programmes/index.js';
import { Context } from '@temporalio/activity';
import type { DataSource } from 'typeorm';
import { acceptUnstoredSignals, type UncertainSignal } from './accept-signal.activity.js';
import type { ActivityDependencies } from './dependencies.js';

/** Executes a claim's inbox, and says when to wake its workflow next. */
export type ClaimExecutor = (claimId: string, before?: () => Promise<void>) => Promise<Execution>;

/** Executes a claim's stored commands and passed deadlines in one transaction. A repeat finds them done and returns the same. */
export const claimExecutor = ({ source, library, engine }: ActivityDependencies, settlement: Settlement): ClaimExecutor => {
  // Both at once in this process and by a workflow: the workflow outlives the process, but on a busy server its start alone takes seconds.
  const overdue = new OverdueWatch(source, async () => {
    await Promise.all([settlement.settle(), engine.wakeSettlement()]);
  });
  const deadlines = new SharedDeadlines(source);
  return async (claimId, before) => {
    const execution = await executeOrRecordFault(source, library, claimId, before);
    // Every execution checks for many overdue claims, so a failure here is harmless.
    void overdue.settleIfMany().catch(() => undefined);
    return deadlines.spread(claimId, execution);
  };
};

/** Executes a claim's inbox, after storing the signals that carried a command themselves. */
export const executeCommandsActivity = ({ source }: ActivityDependencies, execute: ClaimExecutor) => {
  const acceptUnstored = acceptUnstoredSignals(source);
  return ({ claimId, signals = [] }: { claimId: string; signals?: UncertainSignal[] }): Promise<Execution> =>
    execute(claimId, () => acceptUnstored(claimId, signals));
};

/** A failing step is retried until it succeeds, and operators must see that. Only a retry can have a fault to clear. */
async function executeOrRecordFault(
  source: DataSource,
  library: ProgrammeLibrary,
  claimId: string,
  before: () => Promise<void> = () => Promise.resolve(),
): Promise<Execution> {
  try {
    await before();
    const execution = await executeCommands(source, library, claimId);
    if (!Context.current().info.isLocal) await clearStuck(source, [claimId]);
    return execution;
  } catch (error) {
    await recordStuck(source, claimId, 'execute', error);
    throw error;
  }
}
