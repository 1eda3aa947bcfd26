export { actions, allowedActions, type PersonalCommand, rolesFor, systemCommands } from './allowed-actions.js';
export {
  type AssociationFilter,
  type AssociationRow,
  associationListSql,
  type AssociationSort,
  associationSorts,
  listAssociations,
} from './association-rows.js';
export { type ClaimCounts, countClaims } from './claim-counts.js';
export { readClaims } from './claim-export.js';
export type { ClaimFilter } from './claim-filter.js';
export { claimListSql, type ClaimSort, claimSorts, listClaims } from './claim-list.js';
export { type ClaimRow, findClaim } from './claim-rows.js';
export { ClaimSummaryView, summaryView } from './claim-summary.js';
export { claimView, evidenceViews } from './claim-view.js';
export { ClaimView, EvidenceView, FindingView, Phase, WaitingView } from './claim-view.schema.js';
export { HistoryEntry, readHistory, type Telling } from './history.js';
export type { Order, Place, SortColumn } from './keyset.js';
export { type NoticeLetter, readLetter } from './notice-letter.js';
export { waitingOf } from './waiting.js';
export { readReceipt } from './notice-receipt.js';
export { listReviews, reviewQueueSql } from './review-queue.js';
