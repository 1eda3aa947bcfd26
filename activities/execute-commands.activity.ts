import { executeCommands, type Execution } from '#libs/inbox/index.js';
import { clearStuck, recordStuck, type Settlement, SharedDeadlines } from '#libs/reconciliation/index.js';
import { type ProgrammeLibrary } from '#libs/programmes/index.js';
import { Context } from '@temporalio/activity';
import type { DataSource } from 'typeorm';
import { acceptUnstoredSignals, type UncertainSignal } from './accept-signal.activity.js';
import type { ActivityDependencies } from './dependencies.js';

/** Carries out a claim's stored commands and passed deadlines in one transaction. A repeat finds them done and answers alike. */
export const executeCommandsActivity = ({ source, library, engine }: ActivityDependencies, settlement: Settlement) => {
  // At once here, and by a workflow, which outlives this process; on a busy server its start alone takes seconds.
  const deadlines = new SharedDeadlines(source, async () => {
    await Promise.all([settlement.settle(), engine.wakeSettlement()]);
  });
  const acceptUnstored = acceptUnstoredSignals(source);
  return async ({ claimId, signals = [] }: { claimId: string; signals?: UncertainSignal[] }): Promise<Execution> => {
    const execution = await executeOrTell(source, library, claimId, () => acceptUnstored(claimId, signals));
    // Who finds many others overdue has them settled; others find them too, so that a failure here is harmless.
    void deadlines.notice().catch(() => undefined);
    const { position, wakeInMs } = execution;
    if (position.alarm === null || wakeInMs === null) return execution;
    return { ...execution, wakeInMs: wakeInMs + (await deadlines.wakeAfter(claimId, position.alarm.at)) };
  };
};

/** What fails is tried until it goes through: not without being seen. Only what was tried before can have been written down. */
async function executeOrTell(
  source: DataSource,
  library: ProgrammeLibrary,
  claimId: string,
  takeIn: () => Promise<void>,
): Promise<Execution> {
  try {
    await takeIn();
    const execution = await executeCommands(source, library, claimId);
    if (!Context.current().info.isLocal) await clearStuck(source, [claimId]);
    return execution;
  } catch (error) {
    await recordStuck(source, claimId, 'execute', error);
    throw error;
  }
}
