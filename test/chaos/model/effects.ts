import {
  type ClaimModel,
  findClaim,
  inReview,
  type LineModel,
  linesIn,
  type Model,
  newLine,
  numbersOf,
  open,
  type Phase,
  type Span,
  type Step,
  undecided,
} from './model.js';
import { isUnreached } from './refusals.js';
import { holderOf, othersOn, rivalsOf } from './rivals.js';

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
    for (const rival of rivalsOf(model, claim, line)) {
      // A rival whose request hung may have been submitted before this instant or after it.
      warn(claim, line, rival.claim.claimId, { from: at.from, to: Math.max(at.to, rival.claim.competesSince?.to ?? at.to) });
    }
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

export function approve(claim: ClaimModel, lines: LineModel[], admin: string, at: Span): void {
  record(claim, 'LinesApproved', lines, at);
  for (const line of lines) line.phase = 'consent_pending';
  requestNotice(claim, lines, admin, at);
}

export function ask(claim: ClaimModel, lines: LineModel[], at: Span): void {
  record(claim, 'InformationRequested', lines, at);
  for (const line of lines) line.phase = 'action_required';
  claim.hasSupplied = false;
  toPartner(claim, 'information_request');
}

/** Warns the holders of the lines' targets, and no one else. */
function compete(model: Model, claim: ClaimModel, lines: LineModel[], at: Span): void {
  claim.competesSince = at;
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

export function submit(model: Model, claim: ClaimModel, lines: LineModel[], at: Span): void {
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

export function optOut(model: Model, claim: ClaimModel, step: Step, at: Span): void {
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

export function decideRivals(model: Model, claim: ClaimModel, line: LineModel, step: Step, at: Span): void {
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
