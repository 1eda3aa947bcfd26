import type { Settlement, SettlementReport } from '#libs/reconciliation/index.js';
import { heartbeating } from './heartbeating.js';

/** Lets the deadlines of all overdue claims act, in batches. */
export const settleOverdueActivity = (settlement: Settlement) => (): Promise<SettlementReport> => heartbeating(() => settlement.settle());
