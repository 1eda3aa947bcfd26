import type { Phase } from '#libs/claims/index.js';
import { ClaimMailbox } from './claim-mailbox.js';
import type { ClaimReference } from './messages.js';

/**
 * One claim, from its submission, or a request to sign for a draft, until nothing is left to wait for. Its lines run side by side; each wait ends when no line is in it. What a
 * message or a clock means is decided in PostgreSQL: the workflow keeps order and time.
 */
export async function claimWorkflow({ claimId }: ClaimReference): Promise<void> {
  const claim = new ClaimMailbox(claimId);
  await validation(claim);
  while (await claim.staysOpen()) {
    await review(claim);
    await noticeDelivery(claim);
    await consentWindow(claim);
    await dispute(claim);
    await signature(claim);
  }
}

/** All rules check the submission at once; a refused one leaves nothing to wait for. */
const validation = (claim: ClaimMailbox): Promise<void> => claim.catchUp();

/** Reviewer and partner take turns: review, requests for information, answers. Clocks K1 to K4. */
const review = (claim: ClaimMailbox): Promise<void> => whileIn(claim, ['submitted', 'under_review', 'action_required']);

/** Approved lines wait until a mail server has accepted the customer's notice: only that opens the window. */
async function noticeDelivery(claim: ClaimMailbox): Promise<void> {
  while (claim.hasNoticeToSend) await claim.nextChange();
}

/** Five business days in which silence accepts and an opt-out declines. Clock K5. */
const consentWindow = (claim: ClaimMailbox): Promise<void> => whileIn(claim, ['consent_pending']);

/** A rejection may be disputed once. Clocks K7 and K8. */
const dispute = (claim: ClaimMailbox): Promise<void> => whileIn(claim, ['rejected', 'disputed']);

/** A statement of work is with the customer's signatory; of a draft, nothing else is waited for. Clock K15. */
async function signature(claim: ClaimMailbox): Promise<void> {
  while (claim.isAwaitingSignature) await claim.nextChange();
}

async function whileIn(claim: ClaimMailbox, phases: Phase[]): Promise<void> {
  while (claim.isOpen && claim.hasLineIn(phases)) await claim.nextChange();
}
