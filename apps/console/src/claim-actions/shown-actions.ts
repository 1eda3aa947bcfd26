import type { Claim, Phase } from '../client/index.js';
import type { Permission } from '../session/index.js';

type ActionName = 'answer' | 'edit' | 'change' | 'review' | DialogName;
export type DialogName = 'dispute' | 'resend' | 'contacts' | 'transfer' | 'withdraw' | 'end' | 'discard';

export interface ShownAction {
  name: ActionName;
  kind: 'primary' | 'secondary' | 'danger';
  /** The page that does it; without one it is a dialog. */
  to?: string;
}

const judgements = ['startReview', 'requestInformation', 'approveClaim', 'rejectClaim', 'clearHold', 'decideDispute', 'decideRivals'];

/** What a reader is offered: only what the API allows now (`allowedActions`), the most likely first, what cannot be undone last. */
export function shownActions(claim: Claim, can: (permission: Permission) => boolean): ShownAction[] {
  const { claimId, allowedActions } = claim;
  const allows = (command: string) => allowedActions.includes(command);
  const has = (...phases: Phase[]) => claim.lines.some(({ phase }) => phases.includes(phase));
  const isDraft = claim.phase === 'draft';
  const isAsked = !isDraft && has('action_required');
  const offers: [boolean, ShownAction][] = [
    [isDraft && allows('editClaim'), { name: 'edit', kind: 'primary', to: `/claims/${claimId}/edit` }],
    [isAsked && allows('submitClaim') && can('claims.answer'), { name: 'answer', kind: 'primary', to: `/claims/${claimId}/answer` }],
    [judgements.some(allows), { name: 'review', kind: 'primary', to: `/reviews/${claimId}` }],
    [allows('resendNotice'), { name: 'resend', kind: 'primary' }],
    [allows('openDispute'), { name: 'dispute', kind: 'primary' }],
    [
      !isDraft && !isAsked && has('submitted') && allows('editClaim'),
      { name: 'change', kind: 'secondary', to: `/claims/${claimId}/change` },
    ],
    [!isDraft && !isAsked && has('consent_pending', 'official') && allows('editClaim'), { name: 'contacts', kind: 'secondary' }],
    [allows('transferAssociation'), { name: 'transfer', kind: 'secondary' }],
    [allows('withdrawClaim'), { name: 'withdraw', kind: 'danger' }],
    [allows('endAssociation'), { name: 'end', kind: 'danger' }],
    [allows('discardDraft'), { name: 'discard', kind: 'danger' }],
  ];
  return offers.flatMap(([isOffered, action]) => (isOffered ? [action] : []));
}
