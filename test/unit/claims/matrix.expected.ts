import type { Role } from '#libs/auth/index.js';
import type { CommandType, Phase } from '#libs/claims/index.js';

/**
 * The outcome of every command in every state (domain.md 3.2, 7, 8, 10 and 11) and for every role (domain.md 1.2), written by hand.
 * Columns are states of a line; rows are commands, some in several variants.
 *
 * A cell is the phase that the command leads to, `=` if it is executed and the phase stays, `~` if it is accepted without effect, or the
 * letters of a refusal.
 */
export const matrix = `
                       no  dra sub su+ rev re+ ask as+ ans pas acc riv cho won app win fai hel off hea rej lat dec blo dis fin end can
draftClaim             DRA CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX  CX
editClaim              nf  =   =   =   ne  ne  =   =   =   ne  ne  ne  ne  ne  =   =   =   =   =   =   ne  ne  ne  ne  ne  ne  ne  ne
discardDraft           nf  CAN -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -   -
addEvidence            nf  =   =   =   =   =   =   =   =   =   =   =   =   =   ne  ne  ne  ne  =   =   =   ne  ne  ne  =   ne  ne  ne
recordEvidenceScan     nf  ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~   ~
requestSignature       nf  =   =   =   =   =   =   =   =   =   =   =   =   =   ne  ne  ne  ne  =   =   =   ne  ne  ne  =   ne  ne  ne
cancelSignatureRequest nf  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su
requestSignatureCode   nf  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su
signStatement          nf  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su
declineSignature       nf  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su
forwardSignature       nf  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su  su
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
blockPartner           nf  nt  nt  FIN nt  FIN nt  FIN nt  FIN FIN nt  FIN nt  FIN FIN FIN FIN =   =   nt  nt  =   ~   nt  nt  =   nt
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

/** The states of a line, with the circumstances that matter. */
export const situations = {
  no: 'there is no claim',
  dra: 'a draft',
  sub: 'submitted',
  'su+': 'submitted, customer notified',
  rev: 'under review',
  're+': 'under review, customer notified',
  ask: 'action required, nothing supplied yet',
  'as+': 'action required, nothing supplied yet, customer notified',
  ans: 'action required, evidence supplied',
  pas: "under review, customer's window passed",
  acc: 'under review, accepted by a tenant administrator',
  riv: 'under review with a rival',
  cho: 'under review with a rival, customer asked to choose',
  won: 'under review, preferred to its rival by a decision record',
  app: 'consent pending, notice on its way',
  win: "consent pending, customer's window running",
  fai: 'consent pending, notice failed',
  hel: 'consent pending, held by a check before official',
  off: 'official',
  hea: 'official, in a hearing about a challenger',
  rej: 'rejected, still disputable',
  lat: 'rejected, dispute window closed',
  dec: 'rejected by the customer',
  blo: 'rejected by the customer, partner blocked',
  dis: 'disputed',
  fin: 'finally rejected',
  end: 'ended',
  can: 'canceled',
} as const;
export type Situation = keyof typeof situations;

/** The outcome that the letters of a cell stand for. */
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
  su: { refused: 'signature_unknown' },
};

const partner: Role[] = ['claim_admin', 'claim_user'];
const customer: Role[] = ['tenant_admin'];
const reviewer: Role[] = ['reviewer'];
const system: Role[] = [];

/** The roles that may give a command (domain.md 1.2, D16); all others get `forbidden` in every state. Commands of the system and of a link's holder have none. */
export const mayGive: Record<CommandType, Role[]> = {
  draftClaim: partner,
  editClaim: partner,
  discardDraft: partner,
  addEvidence: partner,
  recordEvidenceScan: system,
  requestSignature: partner,
  cancelSignatureRequest: partner,
  requestSignatureCode: system,
  signStatement: system,
  declineSignature: system,
  forwardSignature: system,
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
  blockPartner: customer,
  liftBlock: customer,
  resendNotice: [...partner, 'reviewer'],
  reportBounce: ['operator'],
  endAssociation: ['claim_admin', 'vendor_admin'],
  transferAssociation: ['claim_admin'],
  checkAssociation: ['vendor_admin', 'operator'],
  recordNoticeDelivery: system,
  recordRefusal: system,
  supersedeAssociation: system,
  warnHolder: system,
  recordRivals: system,
};
