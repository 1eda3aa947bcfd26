export { actions, allowedActions, type PersonalCommand, rolesFor, systemCommands } from './allowed-actions.js';
export { type ClaimFilter, type ClaimRow, type ClaimSummary, findClaim, listClaims } from './claim-rows.js';
export { claimView, evidenceViews, summaryView } from './claim-view.js';
export { ClaimSummaryView, ClaimView, EvidenceView, FindingView, Phase, WaitingView } from './claim-view.schema.js';
export { HistoryEntry, readHistory, type Telling } from './history.js';
export { type NoticeLetter, readLetter } from './notice-letter.js';
export { readReceipt } from './notice-receipt.js';
