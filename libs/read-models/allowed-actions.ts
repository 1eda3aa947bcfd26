import { type Permission, permissions, type Principal } from '#libs/auth/index.js';
import {
  type ClaimState,
  type CommandType,
  editability,
  evidencePhases,
  extendableClocks,
  isUnreached,
  type LineState,
  type Phase,
  phaseOf,
  phases,
  rivalPhases,
} from '#libs/claims/index.js';

interface Action {
  permission: Permission;
  /** The same act by others, at an address of their own. */
  alsoBy?: Permission;
  /** At least one line must be in one of them. */
  phases: readonly Phase[];
}

const undecided: Phase[] = ['submitted', 'under_review', 'action_required', 'consent_pending'];
const editable = [...new Set(Object.values(editability).flat())];

/** Acts on a claim, with who may do them and the phases in which they make sense; the rules themselves look closer. */
export const actions = {
  editClaim: { permission: 'claims.edit', phases: editable },
  discardDraft: { permission: 'claims.edit', phases: ['draft'] },
  addEvidence: { permission: 'evidence.add', phases: evidencePhases },
  addComment: { permission: 'comments.write', phases },
  submitClaim: { permission: 'claims.submit', phases: ['draft', 'action_required'] },
  withdrawClaim: { permission: 'claims.withdraw', phases: undecided },
  openDispute: { permission: 'claims.dispute', phases: ['rejected'] },
  startReview: { permission: 'reviews.start', phases: ['submitted'] },
  requestInformation: { permission: 'reviews.ask', phases: ['submitted', 'under_review'] },
  approveClaim: { permission: 'reviews.decide', phases: ['submitted', 'under_review'] },
  rejectClaim: { permission: 'reviews.decide', phases: ['submitted', 'under_review'] },
  clearHold: { permission: 'reviews.decide', phases: ['consent_pending'] },
  decideDispute: { permission: 'disputes.decide', phases: ['disputed'] },
  extendDeadline: { permission: 'reviews.extend', phases },
  askCustomerToChoose: { permission: 'reviews.decide', phases: rivalPhases },
  decideRivals: { permission: 'reviews.decide', phases: ['submitted', 'under_review', 'disputed'] },
  resendNotice: { permission: 'notices.resend', phases: undecided },
  endAssociation: { permission: 'associations.disassociate', alsoBy: 'associations.revoke', phases: ['official'] },
  transferAssociation: { permission: 'associations.transfer', phases: ['official'] },
  checkAssociation: { permission: 'associations.check', phases: ['official'] },
  optOut: { permission: 'associations.refuse', phases: [...undecided, 'official'] },
  acceptClaim: { permission: 'associations.accept', phases: undecided },
  liftBlock: { permission: 'partners.block', phases },
} as const satisfies Partial<Record<CommandType, Action>>;

type ActionName = keyof typeof actions;

/** What a caller may do with a claim as it stands. */
export function allowedActions(state: ClaimState, principal: Pick<Principal, 'roles'>, competing: number[] = []): ActionName[] {
  const present: Phase[] = state.lines.length === 0 ? [phaseOf(state)] : state.lines.map((line) => line.phase);
  return (Object.keys(actions) as ActionName[]).filter((name) => {
    const action: Action = actions[name];
    const granting: readonly string[] = [action.permission, ...(action.alsoBy === undefined ? [] : [action.alsoBy])].flatMap(
      (permission) => permissions[permission],
    );
    return (
      principal.roles.some((role) => granting.includes(role)) &&
      present.some((phase) => action.phases.includes(phase)) &&
      fits(name, state, competing)
    );
  });
}

/** What the phase alone does not tell. */
function fits(name: ActionName, state: ClaimState, competing: number[]): boolean {
  const isSome = (isIt: (line: LineState) => boolean) => state.lines.some(isIt);
  switch (name) {
    case 'openDispute':
      return isSome((line) => line.phase === 'rejected' && line.rejection?.isDisputable === true);
    case 'clearHold':
      return isSome((line) => line.phase === 'consent_pending' && line.holds.length > 0);
    case 'optOut':
      return isSome((line) => line.noticeId !== null);
    case 'acceptClaim':
      return isSome((line) => undecided.includes(line.phase) && line.noticeId !== null);
    case 'extendDeadline':
      return state.clocks.some(({ clock }) => extendableClocks.some((one) => one === clock));
    case 'askCustomerToChoose':
    case 'decideRivals':
      return isSome((line) => competing.includes(line.line) && rivalPhases.includes(line.phase));
    case 'resendNotice':
      return isSome((line) => undecided.includes(line.phase) && isUnreached(state, line));
    case 'liftBlock':
      return state.isPartnerBlocked;
    default:
      return true;
  }
}
