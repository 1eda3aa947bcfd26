import { executeCommands, type Execution } from '#libs/inbox/index.js';
import { clearStuck, recordStuck, type Settlement, SharedDeadlines } from '#libs/reconciliation/index.js';
import { type ProgrammeLibrary } from '#libs/programmes/index.js';
import { Context } from '@temporalio/activity';
import type { DataSource } from 'typeorm';
import { acceptUnstoredSignals, type UncertainSignal } from './accept-signal.activity.js';
import type { ActivityDependencies } from './dependencies.js';

/** Executes a claim's stored commands and passed deadlines in one transaction. A repeat finds them done and returns the same. */
export const executeCommandsActivity = ({ source, library, engine }: ActivityDependencies, settlement: Settlement) => {
  // Both at once in this process and by a workflow: the workflow outlives the process, but on a busy server its start alone takes seconds.
  const deadlines = new SharedDeadlines(source, async () => {
    await Promise.all([settlement.settle(), engine.wakeSettlement()]);
  });
  const acceptUnstored = acceptUnstoredSignals(source);
  return async ({ claimId, signals = [] }: { claimId: string; signals?: UncertainSignal[] }): Promise<Execution> => {
    const execution = await executeOrRecordFault(source, library, claimId, () => acceptUnstored(claimId, signals));
    // Every execution checks for many overdue claims, so a failure here is harmless.
    void deadlines.settleIfMany().catch(() => undefined);
    const { position, wakeInMs } = execution;
    if (position.alarm === null || wakeInMs === null) return execution;
    return { ...execution, wakeInMs: wakeInMs + (await deadlines.wakeAfter(claimId, position.alarm.at)) };
  };
};

/** A failing step is retried until it succeeds, and operators must see that. Only a retry can have a fault to clear. */
async function executeOrRecordFault(
  source: DataSource,
  library: ProgrammeLibrary,
  claimId: string,
  acceptSignals: () => Promise<void>,
): Promise<Execution> {
  try {
    await acceptSignals();
    const execution = await executeCommands(source, library, claimId);
    if (!Context.current().info.isLocal) await clearStuck(source, [claimId]);
    return execution;
  } catch (error) {
    await recordStuck(source, claimId, 'execute', error);
    throw error;
  }
}
