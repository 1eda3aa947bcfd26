export { checkSignature, type SignedCheckpoint } from './checkpoint-file.js';
export { type AnchorFault, compareWithCheckpoint, verifyCheckpoints } from './compare-checkpoint.js';
export type { FaultKind, RecordFault } from './fault.js';
export { isCheckpointDue, keepCheckpoint, readCheckpointKey } from './keep-checkpoint.js';
export { verifyClaims } from './verify-claims.js';
export { verifyEvidence } from './verify-evidence.js';
export { type FeedFault, verifyFeed } from './verify-feed.js';
