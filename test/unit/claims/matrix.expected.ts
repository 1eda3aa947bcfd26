import type { Role } from '#libs/auth/index.js';
import type { CommandType, Phase } from '#libs/claims/index.js';

/**
 * What the domain says of every state and every command (section 3.2, with 7, 8, 10 and 11), and of every role (section 1.2), written by
 * hand. Columns are states of a line, rows are commands, some in more than one manner.
 *
 * A cell is the phase that the command leads to, `=` when it is carried out and the phase stays, `~` when it is taken and says nothing
 * new, or the letters of a refusal.
 */
export const matrix = `
                       no  dra sub su+ rev re+ ask as+ ans pas acc riv cho won app win fai hel off hea rej lat dec blo dis fin end can
draftClaim             DRA CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX
editClaim              nf  =   =   =   ne  ne  =   =   =   ne  ne  ne  ne  ne  =   =   =   =   =   =   ne  ne  ne  ne  ne  ne  ne  ne
discardDraft           nf  CAN -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -
addEvidence            nf  =   =   =   =   =   =   =   =   =   =   =   =   =   ne  ne  ne  ne  =   =   =   ne  ne  ne  =   ne  ne  ne
addComment             nf  =   =   =   =   =   =   =   =   =   =   =   =   =   =   =   =   =   =   =   =   =   =   =   =   =   =   =
submitClaim            nf  SUB -   -   -   -   ar  ar  SUB -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -
withdrawClaim          nf  -   CAN CAN CAN CAN CAN CAN CAN CAN CAN CAN CAN CAN CAN CAN CAN CAN -   -   -   -   -   -   -   -   -   -
startReview            nf  -   REV REV -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -
requestInformation     nf  -   ASK ASK ASK ASK -   -   -   ASK ASK ASK ASK ASK -   -   -   -   -   -   -   -   -   -   -   -   -   -
approveClaim           nf  -   CON CON CON CON -   -   -   OFF OFF rd  rd  CON -   -   -   -   -   -   -   -   -   -   -   -   -   -
rejectClaim            nf  -   REJ REJ REJ REJ -   -   -   REJ REJ REJ REJ REJ -   -   -   REJ -   -   -   -   -   -   -   -   -   -
extendDeadline         nf  -   cn  =   cn  =   =   =   =   cn  =   cn  cn  cn  cn  =   cn  cn  cn  =   -   -   -   -   -   -   -   -
clearHold              nf  -   -   -   -   -   -   -   -   -   -   -   -   -   nh  nh  nh  OFF -   -   -   -   -   -   -   -   -   -
openDispute            nf  -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   DIS dw  dn  dn  -   du  -   -
decideDispute approve  nf  -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   CON -   -   -
decideDispute ask      nf  -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   ASK -   -   -
decideDispute final    nf  -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   FIN -   -   -
askCustomerToChoose    nf  -   nr  nr  nr  nr  nr  nr  nr  nr  nr  =   =   =   -   -   -   -   -   -   -   -   -   -   nr  -   -   -
decideRivals           nf  -   nr  nr  nr  nr  -   -   -   nr  nr  =   =   =   -   -   -   -   -   -   -   -   -   -   nr  -   -   -
decideRivals lost      nf  -   nr  nr  nr  nr  -   -   -   nr  nr  REJ REJ REJ -   -   -   -   -   -   -   -   -   -   nr  -   -   -
chooseRival            nf  cu  cu  cu  cu  cu  cu  cu  cu  cu  cu  cu  =   cu  cu  cu  cu  cu  cu  cu  cu  cu  cu  cu  cu  cu  cu  cu
optOut                 nf  nd  nt  REJ nt  REJ nt  REJ nt  REJ REJ nt  nt  nt  REJ REJ REJ REJ END END nd  nd  nd  nd  nd  nd  nd  nd
acceptClaim contact    nf  na  nt  =   nt  =   nt  =   nt  =   =   nt  nt  nt  =   =   =   =   na  na  na  na  na  na  na  na  na  na
acceptClaim admin      nf  na  nt  =   nt  =   nt  =   nt  =   =   nt  nt  nt  OFF OFF OFF =   na  na  na  na  na  na  na  na  na  na
liftBlock              nf  nb  nb  nb  nb  nb  nb  nb  nb  nb  nb  nb  nb  nb  nb  nb  nb  nb  nb  nb  nb  nb  nb  =   nb  nb  nb  nb
resendNotice           nf  -   un  un  un  un  un  un  un  un  un  un  un  un  un  un  =   un  -   -   -   -   -   -   -   -   -   -
reportBounce           nf  nu  nu  =   nu  =   nu  =   nu  =   =   nu  nu  nu  ~   =   ~   =   =   =   nu  nu  =   =   nu  nu  =   nu
recordNoticeDelivery   nf  nu  nu  ~   nu  ~   nu  ~   nu  ~   ~   nu  nu  nu  =   ~   ~   ~   ~   ~   nu  nu  ~   ~   nu  nu  ~   nu
endAssociation partner nf  -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   END END -   -   -   -   -   -   -   -
endAssociation vendor  nf  -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   END END -   -   -   -   -   -   -   -
transferAssociation    nf  -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   =   =   -   -   -   -   -   -   -   -
checkAssociation       nf  -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   ~   ~   -   -   -   -   -   -   -   -
checkAssociation lost  nf  -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   END END -   -   -   -   -   -   -   -
supersedeAssociation   nf  ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   END END ~   ~   ~   ~   ~   ~   ~   ~
warnHolder             nf  ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   =   ~   ~   ~   ~   ~   ~   ~   ~   ~
recordRefusal          nf  ~   FIN FIN FIN FIN FIN FIN FIN FIN FIN FIN FIN FIN FIN FIN FIN FIN ~   ~   ~   ~   ~   ~   FIN ~   ~   ~
recordRivals won       nf  ~   =   =   =   =   =   =   =   =   =   =   =   =   ~   ~   ~   ~   =   =   ~   ~   ~   ~   =   ~   ~   ~
recordRivals lost      nf  ~   REJ REJ REJ REJ REJ REJ REJ REJ REJ REJ REJ REJ ~   ~   ~   ~   =   =   ~   ~   ~   ~   FIN ~   ~   ~
`;

/** The states of a line, with what else matters of it. */
export const situations = {
  no: 'there is no such claim',
  dra: 'a draft',
  sub: 'submitted',
  'su+': 'submitted, and the customer told',
  rev: 'under review',
  're+': 'under review, and the customer told',
  ask: 'action required, and nothing supplied since',
  'as+': 'action required, nothing supplied since, and the customer told',
  ans: 'action required, and evidence supplied since',
  pas: "under review, and the told customer's window passed",
  acc: 'under review, and accepted by an administrator of the tenant',
  riv: 'under review with a rival',
  cho: 'under review with a rival, and the customer asked to choose',
  won: 'under review, and preferred to its rival by a decision record',
  app: 'consent pending, the notice on its way',
  win: "consent pending, in the customer's window",
  fai: 'consent pending, the notice failed',
  hel: 'consent pending, held by a check before official',
  off: 'official',
  hea: 'official, and heard about a challenger',
  rej: 'rejected, and disputable',
  lat: 'rejected, and the time to dispute over',
  dec: 'rejected by the customer',
  blo: 'rejected by the customer, which has blocked the partner',
  dis: 'disputed',
  fin: 'rejected for good',
  end: 'ended',
  can: 'canceled',
} as const;
export type Situation = keyof typeof situations;

/** What the letters of a cell say. */
export const outcomes: Record<string, { to: Phase } | { refused: string }> = {
  DRA: { to: 'draft' },
  SUB: { to: 'submitted' },
  REV: { to: 'under_review' },
  ASK: { to: 'action_required' },
  CON: { to: 'consent_pending' },
  OFF: { to: 'official' },
  END: { to: 'ended' },
  REJ: { to: 'rejected' },
  DIS: { to: 'disputed' },
  FIN: { to: 'rejected_final' },
  CAN: { to: 'canceled' },
  '-': { refused: 'not_in_phase' },
  nf: { refused: 'not_found' },
  CX: { refused: 'claim_exists' },
  ne: { refused: 'not_editable_in_state' },
  ar: { refused: 'answer_required' },
  rd: { refused: 'decision_record_required' },
  cn: { refused: 'clock_not_running' },
  nh: { refused: 'nothing_held' },
  dw: { refused: 'dispute_window_closed' },
  dn: { refused: 'dispute_not_allowed' },
  du: { refused: 'dispute_already_used' },
  nr: { refused: 'no_rivals' },
  cu: { refused: 'choice_unknown' },
  nd: { refused: 'nothing_to_decline' },
  na: { refused: 'nothing_to_accept' },
  nt: { refused: 'customer_not_told' },
  nb: { refused: 'nothing_blocked' },
  nu: { refused: 'notice_unknown' },
  un: { refused: 'notice_not_failed' },
};

const partner: Role[] = ['claim_admin', 'claim_user'];
const customer: Role[] = ['tenant_admin'];
const reviewer: Role[] = ['reviewer'];
const nobody: Role[] = [];

/** Who may (domain.md 1.2, D16). Everyone else is answered `forbidden`, whatever the state; nobody's are the system's own. */
export const mayGive: Record<CommandType, Role[]> = {
  draftClaim: partner,
  editClaim: partner,
  discardDraft: partner,
  addEvidence: partner,
  addComment: [...partner, 'reviewer', 'vendor_support'],
  submitClaim: partner,
  withdrawClaim: partner,
  startReview: reviewer,
  requestInformation: reviewer,
  approveClaim: reviewer,
  rejectClaim: reviewer,
  extendDeadline: reviewer,
  clearHold: reviewer,
  openDispute: ['claim_admin'],
  decideDispute: reviewer,
  askCustomerToChoose: reviewer,
  decideRivals: reviewer,
  chooseRival: customer,
  optOut: customer,
  acceptClaim: customer,
  liftBlock: customer,
  resendNotice: [...partner, 'reviewer'],
  reportBounce: ['operator'],
  endAssociation: ['claim_admin', 'vendor_admin'],
  transferAssociation: ['claim_admin'],
  checkAssociation: ['vendor_admin', 'operator'],
  recordNoticeDelivery: nobody,
  recordRefusal: nobody,
  supersedeAssociation: nobody,
  warnHolder: nobody,
  recordRivals: nobody,
};
