import { isSelfReview, type Permission, permissions, type Principal, type Role, roles, roleSides } from '#libs/auth/index.js';
import {
  type ClaimState,
  type CommandType,
  disputedDeciders,
  editability,
  evidencePhases,
  extendableClocks,
  isChoiceOpen,
  isUnreached,
  type LineState,
  openPhases,
  type Phase,
  phaseOf,
  phases,
  rivalPhases,
  takesEvidence,
} from '#libs/claims/index.js';

interface Action {
  permission: Permission;
  /** The same act by others, at an address of their own. */
  alsoBy?: Permission;
  /** At least one line must be in one of them; none for what is done with no claim yet. */
  phases: readonly Phase[];
  /** The vendor's judgement: not for whoever acts for the partner (R21). */
  isJudgement?: true;
}

/** Whom acts are offered to. */
export type Reader = Pick<Principal, 'roles' | 'subject' | 'actsFor' | 'partnerAccountId'>;

/** Commands that clocks, the mail relay and other claims give; no role may. */
export const systemCommands = [
  'recordNoticeDelivery',
  'recordRefusal',
  'warnHolder',
  'recordRivals',
  'supersedeAssociation',
] as const satisfies CommandType[];

export type PersonalCommand = Exclude<CommandType, (typeof systemCommands)[number]>;

const undecided: Phase[] = ['submitted', 'under_review', 'action_required', 'consent_pending'];
const editable = [...new Set(Object.values(editability).flat())];

/**
 * Everything that a person can ask of a claim, with who may and the phases in which it makes sense; the rules themselves look closer.
 * Whoever has a notice's link needs no role to refuse, to accept or to choose.
 */
export const actions = {
  draftClaim: { permission: 'claims.create', phases: [] },
  editClaim: { permission: 'claims.edit', phases: editable },
  discardDraft: { permission: 'claims.edit', phases: ['draft'] },
  addEvidence: { permission: 'evidence.add', phases: evidencePhases },
  addComment: { permission: 'comments.write', phases },
  submitClaim: { permission: 'claims.submit', phases: ['draft', 'action_required'] },
  withdrawClaim: { permission: 'claims.withdraw', phases: undecided },
  openDispute: { permission: 'claims.dispute', phases: ['rejected'] },
  startReview: { permission: 'reviews.start', phases: ['submitted'], isJudgement: true },
  requestInformation: { permission: 'reviews.ask', phases: ['submitted', 'under_review'], isJudgement: true },
  approveClaim: { permission: 'reviews.decide', phases: ['submitted', 'under_review'], isJudgement: true },
  rejectClaim: { permission: 'reviews.decide', phases: ['submitted', 'under_review', 'consent_pending'], isJudgement: true },
  clearHold: { permission: 'reviews.decide', phases: ['consent_pending'], isJudgement: true },
  decideDispute: { permission: 'disputes.decide', phases: ['disputed'], isJudgement: true },
  extendDeadline: { permission: 'reviews.extend', phases: [...undecided, 'official'], isJudgement: true },
  askCustomerToChoose: { permission: 'reviews.decide', phases: rivalPhases, isJudgement: true },
  decideRivals: { permission: 'reviews.decide', phases: ['submitted', 'under_review', 'disputed'], isJudgement: true },
  reportBounce: { permission: 'notices.bounce', phases },
  resendNotice: { permission: 'notices.resend', phases: undecided },
  endAssociation: { permission: 'associations.disassociate', alsoBy: 'associations.revoke', phases: ['official'], isJudgement: true },
  transferAssociation: { permission: 'associations.transfer', phases: ['official'] },
  checkAssociation: { permission: 'associations.check', phases: ['official'] },
  optOut: { permission: 'associations.refuse', phases: [...undecided, 'official'] },
  acceptClaim: { permission: 'associations.accept', phases: undecided },
  chooseRival: { permission: 'choices.answer', phases: rivalPhases },
  liftBlock: { permission: 'partners.block', phases },
} as const satisfies Record<PersonalCommand, Action>;

/** The roles that may give a command, each within its scope; none for those of the system. */
export function rolesFor(command: CommandType): Role[] {
  const action: Action | undefined = (actions as Partial<Record<CommandType, Action>>)[command];
  if (action === undefined) return [];
  const granted: readonly string[] = [action.permission, ...(action.alsoBy === undefined ? [] : [action.alsoBy])].flatMap(
    (permission) => permissions[permission],
  );
  return roles.filter((role) => granted.includes(role));
}

/** What a caller may do with a claim as it stands; `competing` are the lines that others want or hold. */
export function allowedActions(state: ClaimState, principal: Reader, competing: number[] = []): PersonalCommand[] {
  const isOwn = isSelfReview(principal, state.partnerAccountId) || state.partnerSubjects.includes(principal.subject);
  const present: Phase[] = state.lines.length === 0 ? [phaseOf(state)] : state.lines.map((line) => line.phase);
  return (Object.keys(actions) as PersonalCommand[]).filter((name) => {
    const action: Action = actions[name];
    return (
      rolesFor(name).some((role) => principal.roles.includes(role) && !(isOwn && action.isJudgement && roleSides[role] === 'vendor')) &&
      present.some((phase) => action.phases.includes(phase)) &&
      fits(name, state, principal, competing)
    );
  });
}

/** By a last check before official. */
const isHeldBack = ({ phase, holds }: LineState): boolean => phase === 'consent_pending' && holds.length > 0;

const isHeld = ({ findings }: ClaimState): boolean => findings.some(({ severity }) => severity === 'hold');

/** What the phase alone does not tell. */
function fits(name: PersonalCommand, state: ClaimState, { subject }: Reader, competing: number[]): boolean {
  const isFirst = (line: LineState) => line.phase === 'disputed' && disputedDeciders(line).includes(subject);
  const isSome = (isIt: (line: LineState) => boolean) => state.lines.some(isIt);
  switch (name) {
    case 'addEvidence':
      return isSome(takesEvidence);
    case 'openDispute':
      return isSome((line) => line.phase === 'rejected' && line.rejection?.isDisputable === true);
    case 'clearHold':
      return isSome(isHeldBack);
    case 'rejectClaim':
      return isSome((line) => line.phase === 'submitted' || line.phase === 'under_review' || isHeldBack(line));
    case 'optOut':
      return isSome((line) => line.phase === 'official' || (undecided.includes(line.phase) && line.noticeId !== null));
    case 'acceptClaim':
      return isSome((line) => undecided.includes(line.phase) && line.noticeId !== null);
    case 'extendDeadline':
      return state.clocks.some(({ clock }) => extendableClocks.some((one) => one === clock));
    case 'askCustomerToChoose':
      return isSome((line) => competing.includes(line.line) && rivalPhases.includes(line.phase));
    case 'decideRivals':
      return isSome(
        (line) => competing.includes(line.line) && actions.decideRivals.phases.some((one) => one === line.phase) && !isFirst(line),
      );
    case 'decideDispute':
      return isSome((line) => line.phase === 'disputed' && !isFirst(line));
    case 'chooseRival':
      return state.choices.some((choice) => isChoiceOpen(state, choice));
    case 'reportBounce':
      return state.notices.some(({ recipients }) => recipients.some((one) => one.state === 'accepted'));
    case 'resendNotice':
      return isSome((line) => undecided.includes(line.phase) && isUnreached(state, line) && (line.isApproved || !isHeld(state)));
    case 'transferAssociation':
      return !isSome((line) => openPhases.includes(line.phase));
    case 'liftBlock':
      return state.isPartnerBlocked;
    default:
      return true;
  }
}
