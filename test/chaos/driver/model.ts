/**
 * What must come out of a customer's claims, written from docs/explanation/domain.md and not from the rules' code: a second opinion. It is plain
 * data, so that a state can be copied to see what would follow at another instant. Instants are milliseconds since 1970.
 */
export interface Model {
  claims: ClaimModel[];
  /** Companies whose claims the customer has blocked, by account. */
  blocked: string[];
  refusals: { account: string; target: string; at: number }[];
}

export type Phase =
  | 'draft'
  | 'submitted'
  | 'under_review'
  | 'action_required'
  | 'consent_pending'
  | 'official'
  | 'ended'
  | 'rejected'
  | 'disputed'
  | 'rejected_final'
  | 'canceled';

export interface ClaimModel {
  claimId: string;
  number: string;
  account: string;
  /** The office that claims. */
  partnerId: string;
  name: string;
  contact: string;
  partnerEmail: string;
  lines: LineModel[];
  notices: NoticeModel[];
  choices: ChoiceModel[];
  /** The newest signature of a customer on the claim's evidence, as an ISO date. */
  evidenceOn: string | null;
  submittedAt: number | null;
  /** Whether evidence or a change has followed the latest request. */
  hasSupplied: boolean;
  events: ExpectedEvent[];
  mails: ExpectedMail[];
  tenures: Tenure[];
}

export interface LineModel {
  line: number;
  product: string;
  phase: Phase;
  notice: number | null;
  isDisputable: boolean;
  isDisputeUsed: boolean;
  rejection: string | null;
  /** Reviewers who decided against the line. */
  deciders: string[];
  /** Claims that took part in the latest decision between rivals, and whether this one won. */
  rivalry: { isWinner: boolean; rivals: string[] } | null;
  /** Claims of which the holder was told. */
  challengers: string[];
}

export interface NoticeModel {
  lines: number[];
  recipients: { email: string; state: 'pending' | 'accepted' | 'failed' }[];
  closesAt: number | null;
  /** Whether the driver has seen every answer of the mail server; otherwise the mails may have been stopped on their way. */
  isSettled: boolean;
}

export interface ChoiceModel {
  choiceId: string;
  line: number;
  target: string;
  candidates: string[];
  chosen: { claimId: string; at: number } | null;
}

/** An event that must be in the history, in this order; deliveries of mails come at any time and are compared apart. */
export interface ExpectedEvent {
  type: string;
  lines: number[];
  /** The code that tells one event of its type from another, if there is one. */
  detail: string | null;
  /** The event's instant lies between these. */
  at: Span;
}

export interface Span {
  from: number;
  to: number;
}

export interface ExpectedMail {
  to: string;
  kind: string;
  /** Whether it may be missing, because its reason may have passed before it was sent. */
  isOptional: boolean;
}

export interface Tenure {
  line: number;
  target: string;
  partnerId: string;
  from: Span;
  to: Span | null;
  reason: string | null;
}

export const undecided: Phase[] = ['submitted', 'under_review', 'action_required', 'consent_pending'];
const open: Phase[] = [...undecided, 'disputed'];
const inReview: Phase[] = ['submitted', 'under_review'];

export const linesIn = (claim: ClaimModel, phases: Phase[], named?: number[]): LineModel[] =>
  claim.lines.filter(({ line, phase }) => phases.includes(phase) && (named === undefined || named.includes(line)));
export const numbersOf = (lines: LineModel[]): number[] => lines.map(({ line }) => line);

/** What a step asks of a claim. Refusals are the codes of domain.md 6 and 7. */
export interface Step {
  type: string;
  claim: string;
  lines?: number[] | undefined;
  reviewer?: string;
  reason?: string;
  outcome?: string;
  name?: string;
  product?: string;
  signedOn?: string;
  partnerId?: string;
  winner?: string;
  choiceId?: string;
  comment?: string | undefined;
  blocks?: boolean;
}

export const findClaim = (model: Model, claimId: string): ClaimModel => model.claims.find((claim) => claim.claimId === claimId)!;

// --- Other claims on the same target

interface Rival {
  claim: ClaimModel;
  line: LineModel;
}

/** Lines of other companies on a product, in these phases. */
const othersOn = (model: Model, claim: ClaimModel, product: string, phases: Phase[]): Rival[] =>
  model.claims
    .filter(({ account }) => account !== claim.account)
    .flatMap((other) => linesIn(other, phases).map((line) => ({ claim: other, line })))
    .filter(({ line }) => line.product === product);

const rivalsOf = (model: Model, claim: ClaimModel, { product }: LineModel) => othersOn(model, claim, product, open);
export const holderOf = (model: Model, claim: ClaimModel, product: string) => othersOn(model, claim, product, ['official'])[0];

/** What bars a company from a product: its own other claims, the customer's refusals and its block. */
function barsOf(model: Model, claim: Pick<ClaimModel, 'claimId' | 'account'>, products: string[]): string[] {
  const own = model.claims.filter((other) => other.account === claim.account && other.claimId !== claim.claimId);
  const has = (phases: Phase[]) => own.some((other) => linesIn(other, phases).some(({ product }) => products.includes(product)));
  return [
    ...(has([...open, 'official']) ? ['duplicate_own'] : []),
    ...(model.refusals.some(({ account, target }) => account === claim.account && products.includes(target)) ? ['claim_cooldown'] : []),
    ...(model.blocked.includes(claim.account) ? ['partner_blocked'] : []),
  ];
}

/** What a new claim is refused for: as a draft only a product that the company already has. */
export function barsOfNew(model: Model, account: string, products: string[], isSubmitted: boolean): string[] {
  if (isSubmitted) return barsOf(model, { claimId: '', account }, products);
  const own = model.claims.filter((other) => other.account === account);
  const isHeld = own.some((other) => linesIn(other, ['official']).some(({ product }) => products.includes(product)));
  return isHeld ? ['duplicate_own'] : [];
}

// --- Decisions between rivals (domain.md 10)

/** Who wins a line's target, and by which step of the order; null if nobody competes. */
export function settleRivals(model: Model, claim: ClaimModel, line: LineModel): { winner: string; step: string } | null {
  const candidates = [{ claim, line }, ...othersOn(model, claim, line.product, [...open, 'official'])];
  if (candidates.length === 1) return null;
  const chosen = model.claims
    .flatMap(({ choices }) => choices)
    .filter(({ target, chosen: answer }) => target === line.product && answer !== null)
    .toSorted((a, b) => b.chosen!.at - a.chosen!.at)[0]?.chosen?.claimId;
  if (candidates.some((one) => one.claim.claimId === chosen)) return { winner: chosen!, step: 'customer_choice' };
  const newest = candidates
    .map((one) => one.claim.evidenceOn ?? '')
    .toSorted()
    .at(-1)!;
  const tied = candidates.filter((one) => (one.claim.evidenceOn ?? '') === newest);
  if (tied.length === 1) return { winner: tied[0]!.claim.claimId, step: 'newest_evidence' };
  const holder = tied.find((one) => one.line.phase === 'official');
  if (holder !== undefined) return { winner: holder.claim.claimId, step: 'holder' };
  return { winner: tied.toSorted((a, b) => a.claim.submittedAt! - b.claim.submittedAt!)[0]!.claim.claimId, step: 'earliest_submission' };
}

/** Why a contested line cannot be approved. A holder is heard for five business days, longer than a run takes. */
function contestedBy(model: Model, claim: ClaimModel, line: LineModel): string[] {
  const rivals = rivalsOf(model, claim, line);
  if (rivals.some((rival) => rival.line.phase === 'consent_pending')) return ['rival_in_window'];
  const isDecided = line.rivalry?.isWinner === true && rivals.every((rival) => line.rivalry!.rivals.includes(rival.claim.claimId));
  if (rivals.length > 0 && !isDecided) return ['decision_record_required'];
  return holderOf(model, claim, line.product) === undefined ? [] : ['holder_not_heard'];
}

// --- Refusals of steps

/** The codes with which a step must be refused now; none if it must be done. */
export function refusalOf(model: Model, step: Step): string[] {
  const claim = findClaim(model, step.claim);
  const acting = (phases: Phase[]) => linesToActOn(claim, phases, step.lines);
  switch (step.type) {
    case 'edit':
      return isEditable(claim) ? barsOfEdit(model, claim) : ['not_editable_in_state'];
    case 'discard':
      return refuseNone(acting(['draft']));
    case 'evidence':
      return claim.lines.some(takesEvidence) ? [] : ['not_editable_in_state'];
    case 'submit':
    case 'answer': {
      const lines = acting(['draft', 'action_required']);
      if (lines === null) return ['not_in_phase'];
      if (lines.some(({ phase }) => phase === 'action_required') && !claim.hasSupplied) return ['answer_required'];
      const bars = barsOf(
        model,
        claim,
        lines.map(({ product }) => product),
      );
      return claim.evidenceOn === null ? [...bars, 'evidence_missing'] : bars;
    }
    case 'withdraw':
      return refuseNone(acting(undecided));
    case 'start':
      return refuseNone(acting(['submitted']));
    case 'ask':
    case 'reject':
      return refuseNone(acting(inReview));
    case 'approve': {
      const lines = acting(inReview);
      if (lines === null) return ['not_in_phase'];
      return approvalRefused(model, claim, lines);
    }
    case 'optOut': {
      // A claim of which the customer was never told does not exist for it.
      if (claim.notices.length + claim.choices.length === 0) return ['not_found'];
      if (linesIn(claim, undecided, step.lines).some(({ notice }) => notice !== null)) return [];
      if (linesIn(claim, ['official'], step.lines).length > 0) return [];
      return linesIn(claim, undecided, step.lines).length > 0 ? ['customer_not_told'] : ['nothing_to_decline'];
    }
    case 'accept': {
      const lines = linesIn(claim, undecided, step.lines);
      if (lines.some(({ notice }) => notice !== null)) return [];
      return lines.length > 0 ? ['customer_not_told'] : ['nothing_to_accept'];
    }
    case 'disassociate':
      return refuseNone(acting(['official']));
    case 'transfer': {
      const lines = linesToActOn(claim, ['official'], undefined);
      if (lines === null) return ['not_in_phase'];
      if (step.partnerId === claim.partnerId) return [];
      return linesIn(claim, open).length > 0 ? ['not_in_phase'] : model.blocked.includes(claim.account) ? ['partner_blocked'] : [];
    }
    case 'dispute': {
      const rejected = linesIn(claim, ['rejected']);
      if (rejected.length === 0) {
        const final = linesIn(claim, ['rejected_final'])[0];
        if (final === undefined) return ['not_in_phase'];
        return [final.rejection === 'customer_refused_target' ? 'dispute_not_allowed' : 'dispute_already_used'];
      }
      const lines = rejected.filter(({ isDisputable }) => isDisputable);
      if (lines.length === 0) return ['dispute_not_allowed'];
      return barsOf(
        model,
        claim,
        lines.map(({ product }) => product),
      );
    }
    case 'decideDispute': {
      const lines = acting(['disputed']);
      if (lines === null) return ['not_in_phase'];
      if (lines.some(({ deciders }) => deciders.includes(step.reviewer!))) return ['second_reviewer_required'];
      return step.outcome === 'approve' ? approvalRefused(model, claim, lines) : [];
    }
    case 'choices': {
      const lines = acting(['submitted', 'under_review', 'action_required', 'disputed']);
      if (lines === null) return ['not_in_phase'];
      return othersOn(model, claim, lines[0]!.product, [...open, 'official']).length === 0 ? ['no_rivals'] : [];
    }
    case 'choose':
      return [];
    case 'decideRivals': {
      const [line] = acting(['submitted', 'under_review', 'disputed']) ?? [];
      if (line === undefined) return ['not_in_phase'];
      const rivals = rivalsOf(model, claim, line);
      const holder = holderOf(model, claim, line.product);
      if (rivals.length === 0 && holder === undefined) return ['no_rivals'];
      const disputed = [...rivals.map((rival) => rival.line), line].filter(({ phase }) => phase === 'disputed');
      if (disputed.some(({ deciders }) => deciders.includes(step.reviewer!))) return ['second_reviewer_required'];
      if (rivals.some((rival) => rival.line.phase === 'consent_pending')) return ['rival_in_window'];
      if (holder !== undefined) return ['holder_not_heard'];
      const settled = settleRivals(model, claim, line)!;
      if (settled.winner !== step.winner || settled.step !== step.reason) return ['decision_order'];
      return settled.winner === claim.claimId ? barsOf(model, claim, [line.product]) : [];
    }
    case 'resend':
      return linesIn(claim, undecided, step.lines).some((line) => isUnreached(claim, line)) ? [] : ['notice_not_failed'];
    case 'comment':
      return [];
    default:
      throw new Error(`The model does not know the step ${step.type}.`);
  }
}

/** After a rejection evidence serves a dispute, while there can be one. */
const takesEvidence = ({ phase, isDisputable }: LineModel): boolean =>
  [...inReview, 'draft', 'action_required', 'official', 'disputed'].includes(phase) || (phase === 'rejected' && isDisputable);

const editable: Phase[] = ['draft', 'submitted', 'action_required'];

/** Fields of the whole claim follow its most locked line; lines that are decided lock nothing. */
const isEditable = (claim: ClaimModel): boolean =>
  linesIn(claim, editable).length > 0 && linesIn(claim, ['under_review', 'consent_pending', 'official', 'disputed']).length === 0;

/** A submitted claim must stay fit for submission; another must not name what the company already has. */
function barsOfEdit(model: Model, claim: ClaimModel): string[] {
  const products = linesIn(claim, editable).map(({ product }) => product);
  const isSubmitted = linesIn(claim, ['submitted']).length > 0;
  return isSubmitted ? barsOf(model, claim, products) : barsOfNew(model, claim.account, products, false);
}

function approvalRefused(model: Model, claim: ClaimModel, lines: LineModel[]): string[] {
  for (const line of lines) {
    const contested = contestedBy(model, claim, line);
    if (contested.length > 0) return contested;
  }
  return barsOf(
    model,
    claim,
    lines.map(({ product }) => product),
  );
}

const refuseNone = (lines: LineModel[] | null): string[] => (lines === null ? ['not_in_phase'] : []);

/** The lines that a step acts on: those it names, or all in these phases; null if it is refused. */
function linesToActOn(claim: ClaimModel, phases: Phase[], named: number[] | undefined): LineModel[] | null {
  const lines = linesIn(claim, phases, named);
  return lines.length === 0 || (named !== undefined && lines.length < named.length) ? null : lines;
}

export function isUnreached(claim: ClaimModel, line: LineModel): boolean {
  const notice = line.notice === null ? undefined : claim.notices[line.notice];
  return notice !== undefined && notice.recipients.every(({ state }) => state === 'failed');
}

// --- Effects of steps

/** Lets every window close that ends before an instant. Returns whether one did. */
export function settle(model: Model, before: number): boolean {
  let hasChanged = false;
  for (;;) {
    const due = model.claims
      .flatMap((claim) => linesIn(claim, ['consent_pending']).map((line) => ({ claim, line, notice: claim.notices[line.notice!] })))
      .filter(({ notice }) => notice?.closesAt !== null && notice!.closesAt < before)
      .toSorted((a, b) => a.notice!.closesAt! - b.notice!.closesAt!)[0];
    if (due === undefined) return hasChanged;
    const { claim, notice } = due;
    const at = notice!.closesAt! + 1;
    const lines = linesIn(claim, ['consent_pending']).filter((line) => claim.notices[line.notice!] === notice);
    makeOfficial(model, claim, lines, { from: at, to: at });
    hasChanged = true;
  }
}

const record = (claim: ClaimModel, type: string, lines: LineModel[] | number[], at: Span, detail: string | null = null): void => {
  claim.events.push({ type, lines: lines.map((line) => (typeof line === 'number' ? line : line.line)).sort((a, b) => a - b), detail, at });
};

const toPartner = (claim: ClaimModel, kind: string): void => {
  claim.mails.push({ to: claim.partnerEmail, kind, isOptional: false });
};

/** Mails everyone to whom a notice about these lines went. */
function toCustomer(claim: ClaimModel, kind: string, lines: LineModel[]): void {
  const notices = [...new Set(lines.flatMap(({ notice }) => (notice === null ? [] : [claim.notices[notice]!])))];
  const reached = notices.flatMap(({ recipients, isSettled }) =>
    recipients
      .filter(({ state }) => state !== 'failed')
      .map(({ email, state }) => ({ email, isUnsure: !isSettled && state === 'pending' })),
  );
  for (const email of new Set(reached.map((one) => one.email))) {
    claim.mails.push({ to: email, kind, isOptional: reached.every((one) => one.email !== email || one.isUnsure) });
  }
}

function makeOfficial(model: Model, claim: ClaimModel, lines: LineModel[], at: Span): void {
  record(claim, 'LinesMadeOfficial', lines, at);
  for (const line of lines) {
    line.phase = 'official';
    claim.tenures.push({ line: line.line, target: line.product, partnerId: claim.partnerId, from: at, to: null, reason: null });
    for (const rival of rivalsOf(model, claim, line)) warn(claim, line, rival.claim.claimId, at);
  }
}

/** Tells a holder that a claim competes. */
function warn(holder: ClaimModel, line: LineModel, challenger: string, at: Span): void {
  if (line.challengers.includes(challenger)) return;
  line.challengers.push(challenger);
  record(holder, 'HolderWarned', [line], at);
  toPartner(holder, 'holder_warning');
}

function endTenures(claim: ClaimModel, lines: LineModel[], reason: string, at: Span): void {
  for (const line of lines) {
    line.phase = 'ended';
    const tenure = claim.tenures.find((one) => one.line === line.line && one.to === null)!;
    Object.assign(tenure, { to: at, reason });
  }
  record(claim, 'AssociationEnded', lines, at, reason);
  toCustomer(claim, 'end_receipt', lines);
  toPartner(claim, 'partner_ended');
}

function rejectLines(claim: ClaimModel, lines: LineModel[], reason: string, decider: string, at: Span): void {
  const isFinal = (line: LineModel) => line.isDisputeUsed;
  for (const some of [lines.filter((line) => !isFinal(line)), lines.filter(isFinal)]) {
    if (some.length === 0) continue;
    for (const line of some) {
      line.phase = line.isDisputeUsed ? 'rejected_final' : 'rejected';
      line.isDisputable = !line.isDisputeUsed;
      line.rejection = reason;
      line.deciders = [decider];
    }
    record(claim, 'LinesRejected', some, at, reason);
    toPartner(claim, 'rejection');
  }
}

/** Settles open lines that a refusal of the company covers (R29). */
function settleByRefusal(claim: ClaimModel, lines: LineModel[], at: Span): void {
  if (lines.length === 0) return;
  for (const line of lines) Object.assign(line, { phase: 'rejected_final', isDisputable: false, rejection: 'customer_refused_target' });
  record(claim, 'LinesRejected', lines, at, 'customer_refused_target');
  toPartner(claim, 'refused_target');
}

function requestNotice(claim: ClaimModel, lines: LineModel[], admin: string, at: Span): void {
  record(claim, 'NoticeRequested', lines, at);
  const recipients = [claim.contact, admin].map((email) => ({ email, state: 'pending' as const }));
  claim.notices.push({ lines: numbersOf(lines), recipients, closesAt: null, isSettled: false });
  for (const line of lines) line.notice = claim.notices.length - 1;
}

function beginReview(claim: ClaimModel, lines: LineModel[], at: Span): void {
  const waiting = lines.filter(({ phase }) => phase === 'submitted');
  if (waiting.length === 0) return;
  record(claim, 'ReviewStarted', waiting, at);
  for (const line of waiting) line.phase = 'under_review';
}

function approve(claim: ClaimModel, lines: LineModel[], admin: string, at: Span): void {
  record(claim, 'LinesApproved', lines, at);
  for (const line of lines) line.phase = 'consent_pending';
  requestNotice(claim, lines, admin, at);
}

function ask(claim: ClaimModel, lines: LineModel[], at: Span): void {
  record(claim, 'InformationRequested', lines, at);
  for (const line of lines) line.phase = 'action_required';
  claim.hasSupplied = false;
  toPartner(claim, 'information_request');
}

/** Warns the holders of the lines' targets, and no one else. */
function compete(model: Model, claim: ClaimModel, lines: LineModel[], at: Span): void {
  for (const line of lines) {
    const holder = holderOf(model, claim, line.product);
    if (holder !== undefined) warn(holder.claim, holder.line, claim.claimId, at);
  }
}

/** Adds a claim that was filed; its lines are drafts, or submitted at once. */
export function file(model: Model, claim: ClaimModel, isSubmitted: boolean, hasEvidence: boolean, at: Span): void {
  model.claims.push(claim);
  record(claim, 'ClaimDrafted', [], at);
  if (hasEvidence) record(claim, 'EvidenceAdded', [], at);
  if (isSubmitted) submit(model, claim, claim.lines, at);
}

function submit(model: Model, claim: ClaimModel, lines: LineModel[], at: Span): void {
  record(claim, 'ClaimSubmitted', lines, at);
  for (const line of lines) line.phase = 'submitted';
  claim.submittedAt ??= at.from;
  compete(model, claim, lines, at);
}

/** Applies a step that was done. `admin` is the address of the customer's administrator. */
export function apply(model: Model, step: Step, at: Span, admin: string): void {
  const claim = findClaim(model, step.claim);
  const acting = (phases: Phase[]) => linesIn(claim, phases, step.lines);
  const withComment = () => {
    if (step.comment !== undefined) record(claim, 'CommentAdded', [], at);
  };
  switch (step.type) {
    case 'edit':
      record(claim, 'ClaimEdited', [], at);
      if (step.name !== undefined) claim.name = step.name;
      if (step.product !== undefined) {
        const line = Math.max(...numbersOf(claim.lines)) + 1;
        claim.lines.push(newLine(line, step.product));
      }
      claim.hasSupplied = true;
      break;
    case 'discard':
      record(claim, 'DraftDiscarded', [], at);
      for (const line of acting(['draft'])) line.phase = 'canceled';
      break;
    case 'evidence':
      record(claim, 'EvidenceAdded', [], at);
      if (claim.evidenceOn === null || step.signedOn! > claim.evidenceOn) claim.evidenceOn = step.signedOn!;
      claim.hasSupplied = true;
      break;
    case 'submit':
    case 'answer':
      withComment();
      submit(model, claim, acting(['draft', 'action_required']), at);
      break;
    case 'withdraw': {
      const lines = acting(undecided);
      record(claim, 'ClaimWithdrawn', lines, at);
      toCustomer(claim, 'withdrawal_receipt', lines);
      for (const line of lines) line.phase = 'canceled';
      break;
    }
    case 'start':
      beginReview(claim, acting(['submitted']), at);
      break;
    case 'ask': {
      const lines = acting(inReview);
      beginReview(claim, lines, at);
      ask(claim, lines, at);
      break;
    }
    case 'reject': {
      const lines = acting(inReview);
      beginReview(claim, lines, at);
      rejectLines(claim, lines, step.reason!, step.reviewer!, at);
      break;
    }
    case 'approve': {
      const lines = acting(inReview);
      beginReview(claim, lines, at);
      approve(claim, lines, admin, at);
      break;
    }
    case 'optOut':
      optOut(model, claim, step, at);
      break;
    case 'accept': {
      const lines = linesIn(claim, undecided, step.lines).filter(({ notice }) => notice !== null);
      record(claim, 'CustomerAccepted', lines, at);
      toCustomer(claim, 'acceptance_receipt', lines);
      makeOfficial(model, claim, lines, at);
      break;
    }
    case 'disassociate':
      endTenures(claim, acting(['official']), 'partner_disassociated', at);
      break;
    case 'transfer': {
      if (step.partnerId === claim.partnerId) break;
      const lines = linesIn(claim, ['official']);
      record(claim, 'AssociationTransferred', lines, at);
      claim.partnerId = step.partnerId!;
      for (const tenure of claim.tenures.filter(({ to }) => to === null)) {
        Object.assign(tenure, { to: at, reason: 'transferred' });
        claim.tenures.push({ line: tenure.line, target: tenure.target, partnerId: claim.partnerId, from: at, to: null, reason: null });
      }
      toCustomer(claim, 'transfer_receipt', lines);
      break;
    }
    case 'dispute': {
      const lines = linesIn(claim, ['rejected']).filter(({ isDisputable }) => isDisputable);
      record(claim, 'DisputeOpened', lines, at);
      for (const line of lines) Object.assign(line, { phase: 'disputed', isDisputeUsed: true });
      compete(model, claim, lines, at);
      break;
    }
    case 'decideDispute': {
      const lines = acting(['disputed']);
      record(claim, 'DisputeDecided', lines, at, step.outcome);
      if (step.outcome === 'approve') approve(claim, lines, admin, at);
      if (step.outcome === 'ask') ask(claim, lines, at);
      if (step.outcome === 'final') for (const line of lines) Object.assign(line, { phase: 'rejected_final', isDisputable: false });
      break;
    }
    case 'choices': {
      const [line] = acting(['submitted', 'under_review', 'action_required', 'disputed']);
      record(claim, 'ChoiceRequested', [line!], at);
      const others = othersOn(model, claim, line!.product, [...open, 'official']).map((other) => other.claim.claimId);
      const candidates = [claim.claimId, ...others];
      claim.choices.push({ choiceId: '', line: line!.line, target: line!.product, candidates, chosen: null });
      for (const to of [claim.contact, admin]) claim.mails.push({ to, kind: 'choice', isOptional: true });
      break;
    }
    case 'choose': {
      record(claim, 'CustomerChose', [], at);
      claim.choices.find(({ choiceId }) => choiceId === step.choiceId)!.chosen = { claimId: step.winner!, at: at.from };
      break;
    }
    case 'decideRivals':
      decideRivals(model, claim, acting(['submitted', 'under_review', 'disputed'])[0]!, step, at);
      break;
    case 'resend': {
      const lines = linesIn(claim, undecided, step.lines).filter((line) => isUnreached(claim, line));
      requestNotice(claim, lines, admin, at);
      break;
    }
    case 'comment':
      record(claim, 'CommentAdded', [], at);
      break;
    default:
      throw new Error(`The model does not know the step ${step.type}.`);
  }
}

function optOut(model: Model, claim: ClaimModel, step: Step, at: Span): void {
  const declined = linesIn(claim, undecided, step.lines).filter(({ notice }) => notice !== null);
  const ended = linesIn(claim, ['official'], step.lines);
  const targets = [...declined, ...ended].map(({ product }) => product);
  if (declined.length > 0) {
    record(claim, 'CustomerDeclined', declined, at);
    toCustomer(claim, 'refusal_receipt', declined);
    for (const line of declined) Object.assign(line, { phase: 'rejected', isDisputable: false, rejection: 'customer_declined' });
  }
  if (ended.length > 0) endTenures(claim, ended, 'customer_revoked', at);
  model.refusals.push(...targets.map((target) => ({ account: claim.account, target, at: at.from })));
  const own = model.claims.filter((other) => other.account === claim.account && other !== claim);
  for (const other of own) {
    settleByRefusal(
      other,
      linesIn(other, open).filter(({ product }) => targets.includes(product)),
      at,
    );
  }
  if (step.blocks !== true || model.blocked.includes(claim.account)) return;
  model.blocked.push(claim.account);
  record(claim, 'PartnerBlocked', [], at);
  for (const other of [claim, ...own]) settleByRefusal(other, linesIn(other, open), at);
}

function decideRivals(model: Model, claim: ClaimModel, line: LineModel, step: Step, at: Span): void {
  const candidates = [{ claim, line }, ...othersOn(model, claim, line.product, open)];
  const ids = candidates.map((one) => one.claim.claimId);
  beginReview(claim, [line], at);
  for (const candidate of candidates) {
    const isWinner = candidate.claim.claimId === step.winner;
    record(candidate.claim, 'RivalsDecided', [candidate.line], at, String(isWinner));
    candidate.line.rivalry = { isWinner, rivals: ids };
    if (!isWinner) rejectLines(candidate.claim, [candidate.line], 'lost_arbitration', step.reviewer!, at);
  }
}

export const newLine = (line: number, product: string): LineModel => ({
  line,
  product,
  phase: 'draft',
  notice: null,
  isDisputable: false,
  isDisputeUsed: false,
  rejection: null,
  deciders: [],
  rivalry: null,
  challengers: [],
});
