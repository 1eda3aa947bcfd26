import type { ClaimState } from '#libs/claims/index.js';
import type { RecordedEvent } from '#libs/event-store/index.js';

/** An event, and the claim's state right after it. */
export interface Change {
  event: RecordedEvent;
  after: ClaimState;
}
