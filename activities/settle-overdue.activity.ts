import { Context } from '@temporalio/activity';
import type { Settlement, SettlementReport } from '#libs/reconciliation/index.js';

const heartbeatMs = 10_000;

/** Lets the deadlines of all overdue claims act, in batches. */
export const settleOverdueActivity = (settlement: Settlement) => async (): Promise<SettlementReport> => {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), heartbeatMs);
  return settlement.settle().finally(() => clearInterval(timer));
};
