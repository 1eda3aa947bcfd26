import type { Actor } from '../actor.js';
import { refuse } from '../findings.js';
import type { ClaimState } from '../state.js';

/** Nobody may review a claim of a partner for which they act or have acted (R21). */
export function refuseSelfReview(state: ClaimState, actor: Actor): void {
  if (actor.actsFor.includes(state.partnerAccountId) || state.partnerSubjects.includes(actor.subject)) {
    refuse('self_review_forbidden', 'You act or have acted for this partner. Another reviewer must take this claim.');
  }
}
