import { Context } from '@temporalio/activity';
import { settleOverdue, type SettlementReport } from '#libs/reconciliation/index.js';
import type { ActivityDependencies } from './dependencies.js';

/** Lets the deadlines of all overdue claims act, in batches. */
export const settleOverdueActivity =
  ({ source, library, directory }: ActivityDependencies) =>
  (): Promise<SettlementReport> =>
    settleOverdue({ source, library, directory, onProgress: () => Context.current().heartbeat() });
