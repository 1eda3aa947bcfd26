export type { Change } from './change.js';
export { HistoryEntry, readHistory, type Telling } from './claim/claim-history.js';
export { ClaimView, DeadlineView, EvidenceView, findingView, FindingView, Phase, WaitingView } from './claim/claim-view.schema.js';
export { claimView, deadlineViews, evidenceViews, statedView } from './claim/claim-view.js';
export { type ClaimRow, findClaim } from './claim/find-claim.js';
export { type Difference, differences, type SubmittedVersion, submittedVersions } from './claim/submitted-versions.js';
export { waitingOf } from './claim/waiting.js';
export {
  type AssociationFilter,
  type AssociationRow,
  type AssociationSort,
  associationSorts,
  listAssociations,
} from './lists/association-list.js';
export { type ChangedClaim, changesAfter, type ClaimVersion, latestChange, versionsOf, visibleAmong } from './lists/claim-changes.js';
export { type ClaimCounts, countClaims } from './lists/claim-counts.js';
export { countFiltered, type FilteredCount } from './lists/filtered-count.js';
export { readClaims } from './lists/claim-export.js';
export type { ClaimFilter } from './lists/claim-filter.js';
export { claimListSql, type ClaimSort, claimSorts, listClaims } from './lists/claim-list.js';
export { ClaimSummaryView, summaryView } from './lists/claim-summary.js';
export { type ClaimName, claimTable, findClaimCells, findClaimIds } from './lists/claim-table.js';
export type { Order, Page, Place, SortColumn } from './lists/keyset-page.js';
export { foldIdentity, isFoldedSql } from './fold-identity.js';
export { listReviews, nextToReview, reviewOrder } from './lists/review-queue.js';
export type { Reach } from './lists/search-page.js';
export { readTargetHistory, TargetInterval } from './lists/target-history.js';
export { findOwnOnTenant, findRelatedClaims } from './related-claims.js';
export { iso } from './sql-instants.js';
export { writeAssociationEnds } from './tables/associations.js';
export { withinScope } from './within-scope.js';
export { type WrittenRows, writeReadRows } from './write-read-rows.js';
