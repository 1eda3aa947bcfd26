export { type Behind, countBehind } from './count-behind.js';
export { countOverdue, Settlement, settleOverdue, type SettlementReport } from './settle-overdue.js';
export { heldMails, type HeldMail, holdMails, type HoldReport, recordLettersSent, releaseMails } from './held-mails.js';
export { OverdueWatch } from './overdue-watch.js';
export { type ExecutedCommand, reportExecution } from './report-execution.js';
export { SharedDeadlines } from './shared-deadlines.js';
export { repairImports } from './repair-imports.js';
export { repairClaims, type RepairReason, repairReasons, type RepairReport } from './repair-claims.js';
export { clearStuck, countStuck, recordStuck, type StuckClaims, UnknownCommand } from './stuck-claims.js';
