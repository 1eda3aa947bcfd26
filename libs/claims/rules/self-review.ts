import type { Actor } from '../actor.js';
import { refuse } from '../findings.js';
import type { ClaimState } from '../state.js';

/** Refuses a reviewer who acts for the partner or has acted for it on this claim (R21). */
export function refuseSelfReview(state: ClaimState, actor: Actor): void {
  if (actor.actsFor.includes(state.partnerAccountId) || state.partnerSubjects.includes(actor.subject)) {
    refuse('self_review_forbidden', 'You act or have acted for this partner. Another reviewer must take this claim.');
  }
}
