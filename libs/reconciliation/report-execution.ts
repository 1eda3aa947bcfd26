import type { ClaimEngine, EngineClaim } from '#libs/engine/index.js';
import type { Execution } from '#libs/inbox/index.js';
import type { SharedDeadlines } from './shared-deadlines.js';

/** A command that was executed outside the claim's workflow, with the instant at which that ended, by `performance.now()`. */
export interface ExecutedCommand {
  type: string;
  commandId: string;
  execution: Execution;
  executedAt: number;
}

/** Tells a claim's workflow what the claim waits for now; starts the workflow if necessary. If the call is lost, the reconciliation finds the claim. */
export async function reportExecution(
  engine: Pick<ClaimEngine, 'report'>,
  deadlines: Pick<SharedDeadlines, 'spread'>,
  claim: EngineClaim,
  { type, commandId, execution, executedAt }: ExecutedCommand,
): Promise<void> {
  const spread = await deadlines.spread(claim.claimId, execution);
  const { phase, alarm } = execution.position;
  const executed = { commandId, execution: laterBy(performance.now() - executedAt, spread) };
  await engine.report(claim, type, executed, { phase, alarmAt: alarm?.at ?? null });
}

/** An execution whose alarms are closer by the time that has passed since. */
function laterBy(ms: number, execution: Execution): Execution {
  const left = (wakeInMs: number) => Math.max(1, Math.round(wakeInMs - ms));
  const { wakeInMs, associationWakeInMs } = execution;
  return {
    ...execution,
    wakeInMs: wakeInMs === null ? null : left(wakeInMs),
    associationWakeInMs: Object.fromEntries(Object.entries(associationWakeInMs).map(([id, alarmInMs]) => [id, left(alarmInMs)])),
  };
}
