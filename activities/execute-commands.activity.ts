import { executeCommands, type Execution } from '#libs/inbox/index.js';
import { clearStuck, OverdueWatch, recordStuck, type Settlement, SharedDeadlines, UnknownCommand } from '#libs/reconciliation/index.js';
import { Context } from '@temporalio/activity';
import type { DataSource } from 'typeorm';
import { acceptUnstoredSignals, type UncertainSignal } from './accept-signal.activity.js';
import type { ActivityDependencies } from './dependencies.js';

/** Executes a claim's inbox by the given step, `executeCommands` by default, and says when to wake its workflow next. */
export type ClaimExecutor = (claimId: string, step?: () => Promise<Execution>) => Promise<Execution>;

/** Executes a claim's stored commands and passed deadlines in one transaction. A repeat finds them done and returns the same. */
export const claimExecutor = ({ source, library, engine }: ActivityDependencies, settlement: Settlement): ClaimExecutor => {
  // Both at once in this process and by a workflow: the workflow outlives the process, but on a busy server its start alone takes seconds.
  const overdue = new OverdueWatch(source, async () => {
    await Promise.all([settlement.settle(), engine.wakeSettlement()]);
  });
  const deadlines = new SharedDeadlines(source);
  return async (claimId, step = () => executeCommands(source, library, claimId)) => {
    const execution = await executeOrRecordFault(source, claimId, step);
    // Every execution checks for many overdue claims, so a failure here is harmless.
    void overdue.settleIfMany().catch(() => undefined);
    return deadlines.spread(claimId, execution);
  };
};

/** Executes a claim's inbox, after storing the signals that carried a command themselves. */
export const executeCommandsActivity = ({ source, library }: ActivityDependencies, execute: ClaimExecutor) => {
  const acceptUnstored = acceptUnstoredSignals(source);
  return ({ claimId, signals = [] }: { claimId: string; signals?: UncertainSignal[] }): Promise<Execution> =>
    execute(claimId, async () => {
      await acceptUnstored(claimId, signals);
      return executeCommands(source, library, claimId);
    });
};

/** A failing step is retried until it succeeds, and operators must see that. Only a retry can have a fault to clear. */
async function executeOrRecordFault(source: DataSource, claimId: string, step: () => Promise<Execution>): Promise<Execution> {
  try {
    const execution = await step();
    const { unknownCommand } = execution;
    if (unknownCommand !== null) await recordStuck(source, claimId, 'execute', new UnknownCommand(unknownCommand));
    else if (!Context.current().info.isLocal) await clearStuck(source, [claimId]);
    return execution;
  } catch (error) {
    await recordStuck(source, claimId, 'execute', error);
    throw error;
  }
}
