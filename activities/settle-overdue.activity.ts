import type { Settlement, SettlementReport } from '#libs/reconciliation/index.js';
import { heartbeating } from './heartbeating.js';

/** Fires the deadlines of all overdue claims, in batches. */
export const settleOverdueActivity = (settlement: Settlement) => (): Promise<SettlementReport> => heartbeating(() => settlement.settle());
