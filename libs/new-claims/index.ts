export { DetailsReader, type StatedClaim } from './claim-details.js';
export { type ClaimAuthor, maximumInlineEvidenceBytes, NewClaims, type NewClaimDependencies } from './new-claims.js';
export { type PreparedClaim, RefusedClaim } from './prepared-claim.js';
export { evidenceIdOf, screen, type ScreenedEvidence } from './screened-evidence.js';
export type { SentClaim, SentDetails, SentEvidence, SentLine } from './sent-claim.js';
export type { Submission } from './submit-new-claim.js';
