export {
  type AssociationFilter,
  type AssociationRow,
  type AssociationSort,
  associationSorts,
  listAssociations,
} from './association-rows.js';
export { type ClaimCounts, countClaims } from './claim-counts.js';
export { readClaims } from './claim-export.js';
export type { Reach } from './bounded-page.js';
export { type ClaimFilter, withinScope } from './claim-filter.js';
export { claimListSql, type ClaimSort, claimSorts, listClaims } from './claim-list.js';
export { type ClaimRow, findClaim } from './claim-rows.js';
export { ClaimSummaryView, summaryView } from './claim-summary.js';
export { claimView, evidenceViews, statedView } from './claim-view.js';
export { ClaimView, EvidenceView, findingView, FindingView, Phase, WaitingView } from './claim-view.schema.js';
export { HistoryEntry, readHistory, type Telling } from './history.js';
export type { Order, Page, Place, SortColumn } from './keyset.js';
export { iso } from './sql.js';
export { waitingOf } from './waiting.js';
export { listReviews, reviewOrder } from './review-queue.js';
export { type Difference, differences, type SubmittedVersion, submittedVersions } from './submitted-versions.js';
export { readTargetHistory, TargetInterval } from './target-history.js';
export { type Change, writeAssociationEnds, writeReadRows } from './row-writer.js';
export { findOwnOnTenant, findRelatedClaims } from './related-claims.js';
