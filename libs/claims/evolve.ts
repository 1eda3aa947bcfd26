import { type ClockName, clockRules, type ClockStart, type RunningClock } from './clocks.js';
import type { ClaimDetails, EvidenceReference, LineDetails } from './details.js';
import type { ClaimEvent, EventOf, NoticeRecipient } from './events.js';
import { fieldOf, type Finding } from './findings.js';
import { amendablePhases, type Phase } from './phases.js';
import {
  type ClaimState,
  initialState,
  type LineState,
  noticesTo,
  type NoticeState,
  type SignatureState,
  targetOf,
  windowStarter,
} from './state.js';

/** Folds a claim's events, oldest first, into its current state. */
export const fold = (events: readonly ClaimEvent[], from: ClaimState = initialState): ClaimState => events.reduce(evolve, from);

/** Applies one event. An unknown event changes only the version, so that an older worker survives during an upgrade. */
export function evolve(state: ClaimState, event: ClaimEvent): ClaimState {
  const next = leaveClocks(apply({ ...state, version: state.version + 1 }, event));
  if (event.by.kind !== 'partner' || next.partnerSubjects.includes(event.by.subject)) return next;
  return { ...next, partnerSubjects: [...next.partnerSubjects, event.by.subject] };
}

function apply(state: ClaimState, event: ClaimEvent): ClaimState {
  const { at } = event;
  switch (event.type) {
    case 'ClaimDrafted': {
      const { number, partnerAccountId, policy, details, warnings } = event.data;
      return withDetails({ ...state, number, partnerAccountId, policy, findings: warnings }, details, at);
    }
    case 'ClaimEdited':
      return edited(state, event);
    case 'EvidenceAdded':
      return evidenceAdded({ ...state, suppliedAtVersion: state.version }, { ...event.data.evidence, addedAt: at });
    case 'EvidenceScanned':
      return evidenceScanned(state, event);
    case 'CommentAdded':
      return state;
    case 'SignatureRequested': {
      const { clocks, ...requested } = event.data;
      const request = {
        ...requested,
        forwardedBy: [],
        requestedAt: at,
        requestedBy: event.by.subject,
        expiresAt: clocks[0]!.deadline.dueAt,
        outcome: null,
        closedAt: null,
        code: null,
        codes: 0,
        signerId: null,
      };
      return start({ ...state, signatures: [...(state.signatures ?? []), request] }, clocks);
    }
    case 'SignatureCodeRequested': {
      const { signatureId, codeId, validUntil } = event.data;
      return changeSignature(state, signatureId, ({ codes }) => ({ code: { codeId, requestedAt: at, validUntil }, codes: codes + 1 }));
    }
    case 'SignatureForwarded': {
      const { signatureId, fromPersonId, personId, emailDomain } = event.data;
      return changeSignature(state, signatureId, ({ forwardedBy }) => ({
        personId,
        emailDomain,
        forwardedBy: [...forwardedBy, fromPersonId],
        code: null,
      }));
    }
    case 'StatementSigned':
      return signed(state, event);
    case 'SignatureDeclined':
      return closeSignature(state, event.data.signatureId, 'declined', at);
    case 'SignatureExpired':
      return closeSignature(state, event.data.signatureId, 'expired', at);
    case 'SignatureRequestCanceled':
      return closeSignature(state, event.data.signatureId, 'canceled', at);
    case 'DraftDiscarded':
      return move(state, numbersOf(state), 'canceled', at);
    case 'ClaimSubmitted':
      return submitted(state, event);
    case 'ReviewStarted':
      return start(
        { ...move(state, event.data.lines, 'under_review', at), ...(event.by.kind === 'reviewer' && { reviewer: event.by.subject }) },
        event.data.clocks,
      );
    case 'InformationRequested': {
      const { requestId, lines, reasons, clocks, paused } = event.data;
      const request = { requestId, lines, reasons, askedAt: at, isExtended: false, version: state.version };
      const asked = move({ ...state, requests: [...state.requests, request] }, lines, 'action_required', at);
      return start({ ...asked, paused: [...withoutLines(asked.paused, lines), ...paused] }, clocks);
    }
    case 'LinesApproved':
      return change(move(state, event.data.lines, 'consent_pending', at), event.data.lines, () => ({ isApproved: true }));
    case 'LinesRejected': {
      const { lines, reason, isFinal, clocks } = event.data;
      const rejectionOf = ({ rivalry }: LineState) => ({
        reason,
        // A line that lost through another claim's record is rejected by the system; the record names the reviewer.
        by: reason === 'lost_arbitration' && rivalry !== null ? rivalry.decidedBy : event.by.subject,
        isDisputable: !isFinal,
      });
      const moved = move(state, lines, isFinal ? 'rejected_final' : 'rejected', at);
      // The customer's notice and answer are settled with the rejection: an approval on dispute notifies again.
      return start(
        change(moved, lines, (line) => ({
          rejection: rejectionOf(line),
          isApproved: false,
          holds: [],
          noticeId: null,
          isWindowPassed: false,
          acceptance: null,
        })),
        clocks,
      );
    }
    case 'DeadlineBreached': {
      const { clock, dueAt, lines } = event.data;
      const isBreached = (running: RunningClock) =>
        running.clock === clock && running.deadline.dueAt === dueAt && running.lines.some((line) => lines.includes(line));
      return { ...state, clocks: state.clocks.map((running) => (isBreached(running) ? { ...running, isBreached: true } : running)) };
    }
    case 'NoticeRequested': {
      const { noticeId, lines, language, recipients, consent } = event.data;
      const notice = { noticeId, lines, language, consent, requestedAt: at, closesAt: null, recipients: pending(recipients) };
      return change({ ...state, notices: [...state.notices, notice] }, lines, () => ({ noticeId, isWindowPassed: false }));
    }
    case 'NoticeRecipientAdded': {
      const { noticeId, recipient: added } = event.data;
      const add = (notice: NoticeState) => ({ ...notice, recipients: [...notice.recipients, ...pending([added])] });
      return { ...state, notices: state.notices.map((notice) => (notice.noticeId === noticeId ? add(notice) : notice)) };
    }
    case 'NoticeAccepted':
      return start(recipient(state, event.data, 'accepted', at, event.data.clocks[0]?.deadline.dueAt), event.data.clocks);
    case 'NoticeFailed':
      return recipient(state, event.data, 'failed', at);
    case 'NoticeBounced':
      return bounced(state, event);
    case 'CustomerDeclined': {
      const rejection = { reason: 'customer_declined', by: event.by.subject, isDisputable: false };
      const coolDownUntil = event.data.coolDown?.dueAt ?? null;
      return change(move(state, event.data.lines, 'rejected', at), event.data.lines, () => ({ rejection, coolDownUntil }));
    }
    case 'ConsentWindowPassed': {
      const { lines } = event.data;
      return change({ ...state, clocks: stopped(state.clocks, 'K5', lines) }, lines, () => ({ isWindowPassed: true }));
    }
    case 'LinesMadeOfficial': {
      const numbers = event.data.lines.map(({ line }) => line);
      const made = (line: LineState): Partial<LineState> => {
        const { associationId, target, partnerId, activities, endsOn = null } = event.data.lines.find((made) => made.line === line.line)!;
        const begun = { from: at, to: null, endReason: null, earlier: [], isEligible: true, endsOn, expiryNotices: [] };
        return { holds: [], official: { associationId, target, partnerId, activities, ...begun } };
      };
      return start(change(move(state, numbers, 'official', at), numbers, made), event.data.clocks);
    }
    case 'AssociationTransferred': {
      const { partnerId, lines } = event.data;
      const moved = ({ line, official }: LineState): Partial<LineState> => {
        if (official === null) return {};
        const { associationId: endedId, partnerId: before, from } = official;
        const { associationId } = lines.find((moved) => moved.line === line)!;
        const earlier = [...official.earlier, { associationId: endedId, partnerId: before, from, to: at }];
        return { official: { ...official, associationId, partnerId, from: at, earlier } };
      };
      const numbers = lines.map(({ line }) => line);
      return change({ ...state, details: { ...state.details, partnerId } }, numbers, moved);
    }
    case 'AssociationChecked': {
      const { lines, isEligible, endsOn, clocks } = event.data;
      const checked = change(state, lines, ({ official }) => ({ official: official && { ...official, isEligible, endsOn } }));
      return start({ ...checked, clocks: stopped(checked.clocks, 'K13', lines) }, clocks);
    }
    case 'ExpiryNoticeDue': {
      const { line, daysLeft, endsOn } = event.data;
      const given = `${endsOn}/${daysLeft}`;
      const withNotice = ({ official }: LineState) => ({
        official: official && { ...official, expiryNotices: [...official.expiryNotices, given] },
      });
      return change(state, [line], withNotice);
    }
    case 'LineCarriedOver': {
      const { line, from, product, subscriptionId, activities } = event.data;
      const stated = { line, product, subscriptionId, activities };
      const renewal = { ...newLine(stated, 'consent_pending', at), isApproved: true, renews: from };
      return { ...state, details: { ...state.details, lines: [...state.details.lines, stated] }, lines: [...state.lines, renewal] };
    }
    case 'HolderWarned': {
      const { lines, challenger, clocks } = event.data;
      const warned = ({ hearing }: LineState): Partial<LineState> => {
        const dueAt = clocks[0]?.deadline.dueAt ?? hearing!.dueAt;
        return { hearing: { challengers: [...(hearing?.challengers ?? []), challenger], dueAt, isOver: false } };
      };
      return start(change(state, lines, warned), clocks);
    }
    case 'HearingClosed': {
      const { lines } = event.data;
      const closed = change(state, lines, ({ hearing }) => ({ hearing: hearing && { ...hearing, isOver: true } }));
      return { ...closed, clocks: stopped(closed.clocks, 'K9', lines) };
    }
    case 'ChoiceRequested': {
      const { choiceId, line, target, candidates, recipients, language } = event.data;
      const choice = { choiceId, line, target, candidates, language, recipients: pending(recipients), requestedAt: at, chosen: null };
      return { ...state, choices: [...state.choices, choice] };
    }
    case 'CustomerChose': {
      const { choiceId, claimId } = event.data;
      const chosen = { claimId, at };
      return { ...state, choices: state.choices.map((choice) => (choice.choiceId === choiceId ? { ...choice, chosen } : choice)) };
    }
    case 'RivalsDecided': {
      const { line, isWinner, displaces, record } = event.data;
      const { recordId, step, candidates } = record;
      const rivals = candidates.map(({ claimId }) => claimId);
      const own = candidates.find((candidate) => candidate.partnerAccountId === state.partnerAccountId && candidate.line === line);
      const decided = { decidedBy: record.decidedBy, decidedAt: at, evidenceOn: own?.evidenceOn ?? null };
      return change(state, [line], () => ({ rivalry: { recordId, isWinner, step, rivals, displaces, ...decided } }));
    }
    case 'CustomerAccepted': {
      const { lines, isTenantAdmin, noticeId, recipientId } = event.data;
      const notice = state.notices.find((candidate) => candidate.noticeId === noticeId);
      const person = notice?.recipients.find((candidate) => candidate.recipientId === recipientId)?.personId;
      const accepted = person === undefined || isTenantAdmin ? lines : lines.filter((line) => mayAccept(state, line, person));
      // An administrator's acceptance outweighs a contact's that follows.
      return change(state, accepted, ({ acceptance }) => ({ acceptance: acceptance?.isTenantAdmin ? acceptance : { at, isTenantAdmin } }));
    }
    case 'PartnerBlocked':
      return { ...state, isPartnerBlocked: true };
    case 'PartnerUnblocked':
      return { ...state, isPartnerBlocked: false };
    case 'DeadlineExtended':
      return extended(state, event);
    case 'LinesHeld': {
      const { lines, findings } = event.data;
      const holdsOf = (line: LineState) => findings.filter((finding) => finding.line === null || finding.line === line.line);
      const held = change(state, lines, (line) => ({ isWindowPassed: true, holds: holdsOf(line) }));
      return { ...held, clocks: stopped(held.clocks, 'K5', lines) };
    }
    case 'AssociationEnded': {
      const { reason: endReason, coolDown } = event.data;
      const coolDownUntil = coolDown?.dueAt ?? null;
      const ended = (line: LineState) => ({ coolDownUntil, official: line.official && { ...line.official, to: at, endReason } });
      return change(move(state, event.data.lines, 'ended', at), event.data.lines, ended);
    }
    case 'ClaimWithdrawn':
      return move(state, event.data.lines, 'canceled', at);
    case 'DisputeOpened': {
      const { lines, clocks } = event.data;
      return start(
        change(move(state, lines, 'disputed', at), lines, () => ({ isDisputeUsed: true })),
        clocks,
      );
    }
    case 'DisputeDecided': {
      const { lines, outcome } = event.data;
      if (outcome === 'final') return move(state, lines, 'rejected_final', at);
      // An approval or a question follows as an event of its own, which moves the lines.
      return change(state, lines, () => ({ rejection: null }));
    }
    case 'DisputeWindowClosed': {
      const { lines } = event.data;
      const closed = (line: LineState) => ({ rejection: line.rejection && { ...line.rejection, isDisputable: false } });
      return change({ ...state, clocks: stopped(state.clocks, 'K7', lines) }, lines, closed);
    }
    default:
      event satisfies never;
      return state;
  }
}

/**
 * Whether a person's acceptance has effect. The partner names the contact, so an acceptance from outside the verified domains is recorded
 * without effect (domain.md 8). The latest notice about the line decides, regardless of the link used.
 */
function mayAccept(state: ClaimState, line: number, personId: string): boolean {
  const notice = noticesTo(state, personId).findLast(({ lines }) => lines.includes(line));
  return notice?.recipients.find((candidate) => candidate.personId === personId)?.canStartWindow !== false;
}

const numbersOf = (state: ClaimState): number[] => state.lines.map((line) => line.line);

function submitted(state: ClaimState, { at, data }: EventOf<'ClaimSubmitted'>): ClaimState {
  const fill = (line: LineState) => {
    const filled = data.filled.find((entry) => entry.line === line.line);
    return filled === undefined ? {} : { subscriptionId: filled.subscriptionId };
  };
  const moved = change(move(state, data.lines, 'submitted', at), data.lines, fill);
  const details = { ...moved.details, lines: moved.details.lines.map((line) => ({ ...line, ...fill(line as LineState) })) };
  const untouched = state.findings.filter(({ line }) => line !== null && !data.lines.includes(line));
  const findings = [...untouched, ...data.findings];
  const { submission, policy, exclusivityKey } = data;
  const submittedAt = state.submittedAt ?? at;
  return start({ ...moved, details, submission, policy, exclusivityKey, submittedAt, findings }, data.clocks);
}

/** Superseded evidence is kept but no longer counts (domain.md 7). */
function evidenceAdded(state: ClaimState, added: ClaimState['evidence'][number]): ClaimState {
  const replaced = state.evidence.filter(({ evidenceId }) => evidenceId === added.supersedes);
  const evidence = [...state.evidence.filter((document) => !replaced.includes(document)), added];
  const superseded = replaced.map((document) => ({ ...document, supersededBy: added.evidenceId }));
  return { ...state, evidence, supersededEvidence: [...state.supersededEvidence, ...superseded] };
}

function evidenceScanned(state: ClaimState, { data: { evidenceId, result } }: EventOf<'EvidenceScanned'>): ClaimState {
  const scanned = <Document extends EvidenceReference>(document: Document): Document => {
    if (document.evidenceId !== evidenceId) return document;
    const { quarantine: _, ...released } = document;
    return (result === 'clean' ? released : { ...document, quarantine: 'infected' }) as Document;
  };
  return { ...state, evidence: state.evidence.map(scanned), supersededEvidence: state.supersededEvidence.map(scanned) };
}

/** A statement signed here is evidence without a file. */
function signed(state: ClaimState, { at, data: { signatureId, signerId, signedOn, textSha256 } }: EventOf<'StatementSigned'>): ClaimState {
  const request = state.signatures?.find((signature) => signature.signatureId === signatureId);
  const closed = changeSignature(closeSignature(state, signatureId, 'signed', at), signatureId, () => ({ signerId }));
  const evidence = { evidenceId: signatureId, sha256: textSha256, signedOn, cover: request?.cover ?? null, isSignedHere: true as const };
  return evidenceAdded({ ...closed, suppliedAtVersion: state.version }, { ...evidence, addedAt: at });
}

function closeSignature(state: ClaimState, signatureId: string, outcome: SignatureState['outcome'], at: string): ClaimState {
  const closed = changeSignature(state, signatureId, () => ({ outcome, closedAt: at }));
  return { ...closed, clocks: closed.clocks.filter(({ clock }) => clock !== 'K15') };
}

function changeSignature(
  state: ClaimState,
  signatureId: string,
  changes: (signature: SignatureState) => Partial<SignatureState>,
): ClaimState {
  const signatures = (state.signatures ?? []).map((one) => (one.signatureId === signatureId ? { ...one, ...changes(one) } : one));
  return { ...state, signatures };
}

const pending = (recipients: NoticeRecipient[]): NoticeState['recipients'] =>
  recipients.map((recipient) => ({ ...recipient, state: 'pending' as const, at: null }));

/** Moves a clock's end; the earlier deadline stays in the event. */
function extended(state: ClaimState, { data: { clock, lines, deadline } }: EventOf<'DeadlineExtended'>): ClaimState {
  const isExtended = (running: RunningClock) => running.clock === clock && running.lines.some((line) => lines.includes(line));
  const clocks = state.clocks.map((running) => (isExtended(running) ? { ...running, deadline, isBreached: false } : running));
  switch (clock) {
    case 'K4': {
      const isAsked = (request: ClaimState['requests'][number]) => request.lines.some((line) => lines.includes(line));
      return {
        ...state,
        clocks,
        requests: state.requests.map((request) => (isAsked(request) ? { ...request, isExtended: true } : request)),
      };
    }
    case 'K5': {
      const noticeIds = state.lines.filter(({ line }) => lines.includes(line)).map(({ noticeId }) => noticeId);
      const closesAt = deadline.dueAt;
      return {
        ...state,
        clocks,
        notices: state.notices.map((notice) => (noticeIds.includes(notice.noticeId) ? { ...notice, closesAt } : notice)),
      };
    }
    case 'K9':
      return change({ ...state, clocks }, lines, ({ hearing }) => ({ hearing: hearing && { ...hearing, dueAt: deadline.dueAt } }));
    default:
      return { ...state, clocks };
  }
}

/** Voids the window that the bounced mail had started, unless it has also passed by another acceptance. */
function bounced(state: ClaimState, { at, data }: EventOf<'NoticeBounced'>): ClaimState {
  const starterOf = ({ notices }: ClaimState) => notices.filter(({ noticeId }) => noticeId === data.noticeId).map(windowStarter)[0];
  const next = recipient(state, data, 'bounced', at);
  const isStarter = starterOf(state)?.recipientId === data.recipientId;
  if (!isStarter || (data.clocks.length === 0 && starterOf(next) !== undefined)) return next;
  const lines = state.lines.filter(({ noticeId }) => noticeId === data.noticeId).map(({ line }) => line);
  const closesAt = data.clocks[0]?.deadline.dueAt ?? null;
  const voided = recipient({ ...next, clocks: stopped(next.clocks, 'K5', lines) }, data, 'bounced', at, closesAt);
  const open = change(voided, lines, () => ({ isWindowPassed: false, holds: [] }));
  return start(open, data.clocks);
}

/** Applies an edit and replaces the findings about the changed fields; for a draft, all findings. */
function edited(state: ClaimState, { at, data }: EventOf<'ClaimEdited'>): ClaimState {
  const { changes, warnings } = data;
  const isOld = (finding: Finding) =>
    (fieldOf(finding) ?? '') in changes || warnings.some(({ code, field }) => code === finding.code && field === finding.field);
  const findings = state.submission === 0 ? warnings : [...state.findings.filter((finding) => !isOld(finding)), ...warnings];
  return withDetails({ ...state, findings, suppliedAtVersion: state.version }, { ...state.details, ...changes }, at);
}

/** Applies the partner's details: a dropped product leaves the claim, and a new one joins the others and their clocks. */
function withDetails(state: ClaimState, details: ClaimDetails, at: string): ClaimState {
  const stated = new Map(details.lines.map((line) => [line.line, line]));
  const host = state.lines.find((line) => amendablePhases.includes(line.phase));
  const kept = state.lines.map((line) => {
    const now = stated.get(line.line);
    stated.delete(line.line);
    if (now !== undefined) return isSameTarget(line, now) ? { ...line, ...now } : withOtherTarget(line, now);
    return amendablePhases.includes(line.phase) ? { ...line, phase: 'canceled' as const, since: at } : line;
  });
  const isDraft = state.submission === 0;
  const added = [...stated.values()].map((line) => newLine(line, host?.phase ?? 'draft', at));
  const joins = (clock: RunningClock) => clock.clock !== 'K5' && host !== undefined && clock.lines.includes(host.line);
  const changed = kept.filter((line) => state.lines.some((before) => before.line === line.line && !isSameTarget(before, line)));
  const running = stopped(
    state.clocks,
    'K5',
    changed.map(({ line }) => line),
  );
  const clocks = running.map((clock) => (joins(clock) ? { ...clock, lines: [...clock.lines, ...added.map(({ line }) => line)] } : clock));
  return { ...state, details, clocks, lines: [...(isDraft ? kept.filter((line) => line.phase !== 'canceled') : kept), ...added] };
}

const isSameTarget = (a: LineDetails, b: LineDetails): boolean => a.product === b.product && a.subscriptionId === b.subscriptionId;

/** Resets a line to a new target, which has had no notice, acceptance or decision; only a used dispute stays used. */
const withOtherTarget = (line: LineState, now: LineDetails): LineState => ({
  ...newLine(now, line.phase, line.since),
  isDisputeUsed: line.isDisputeUsed,
});

const newLine = (line: ClaimDetails['lines'][number], phase: Phase, since: string): LineState => ({
  ...line,
  phase,
  since,
  isApproved: false,
  isWindowPassed: false,
  holds: [],
  rejection: null,
  isDisputeUsed: false,
  noticeId: null,
  official: null,
  coolDownUntil: null,
  acceptance: null,
  rivalry: null,
  hearing: null,
  renews: null,
});

function change(state: ClaimState, lines: number[], changes: (line: LineState) => Partial<LineState>): ClaimState {
  return { ...state, lines: state.lines.map((line) => (lines.includes(line.line) ? { ...line, ...changes(line) } : line)) };
}

const move = (state: ClaimState, lines: number[], phase: Phase, since: string): ClaimState =>
  change(state, lines, () => ({ phase, since }));

function recipient(
  state: ClaimState,
  { noticeId, recipientId }: { noticeId: string; recipientId: string },
  reached: NoticeState['recipients'][number]['state'],
  at: string,
  closesAt?: string | null,
): ClaimState {
  const mark = <Notice extends { recipients: NoticeState['recipients'] }>(notice: Notice): Notice => ({
    ...notice,
    ...(closesAt === undefined ? {} : { closesAt }),
    recipients: notice.recipients.map((candidate) =>
      candidate.recipientId === recipientId ? { ...candidate, state: reached, at } : candidate,
    ),
  });
  return {
    ...state,
    notices: state.notices.map((notice) => (notice.noticeId === noticeId ? mark(notice) : notice)),
    choices: state.choices.map((choice) => (choice.choiceId === noticeId ? mark(choice) : choice)),
  };
}

/** Starts clocks; each replaces the same clock running or paused for its lines. */
function start(state: ClaimState, starts: ClockStart[]): ClaimState {
  const begun = starts.map((clock) => ({ ...clock, isBreached: false }));
  const linesOf = (name: ClockName) => starts.filter(({ clock }) => clock === name).flatMap(({ lines }) => lines);
  const running = state.clocks.flatMap((clock) => withoutLines([clock], linesOf(clock.clock)));
  const paused = state.paused.flatMap((pause) => withoutLines([pause], linesOf(pause.clock)));
  return { ...state, clocks: [...running, ...begun], paused };
}

/** Removes lines from clocks; a clock without lines is dropped, unless it belongs to the claim. */
const withoutLines = <Clock extends { clock: ClockName; lines: number[] }>(clocks: Clock[], lines: number[]): Clock[] =>
  clocks
    .map((clock) => ({ ...clock, lines: clock.lines.filter((line) => !lines.includes(line)) }))
    .filter(({ clock, lines: left }) => left.length > 0 || clockRules[clock].isOfClaim);

const stopped = (clocks: RunningClock[], name: ClockName, lines: number[]): RunningClock[] =>
  clocks.flatMap((clock) => (clock.clock === name ? withoutLines([clock], lines) : [clock]));

/** Stops clocks for lines that have left their phases; a claim's clock once all have. */
function leaveClocks(state: ClaimState): ClaimState {
  const isOver = ({ isOfClaim, phases }: (typeof clockRules)[ClockName]) =>
    isOfClaim === true && state.lines.length > 0 && state.lines.every(({ phase }) => !phases.includes(phase));
  const outside = (phases: Phase[]) => state.lines.filter((line) => !phases.includes(line.phase)).map((line) => line.line);
  const running = state.clocks.filter(({ clock }) => !isOver(clockRules[clock]));
  const clocks = running.flatMap((clock) => withoutLines([clock], outside(clockRules[clock.clock].phases)));
  return { ...state, clocks, paused: withoutLines(state.paused, outside(pausedPhases)) };
}

/** A review stays paused until the partner has answered and a reviewer starts again. */
const pausedPhases: Phase[] = ['action_required', 'submitted'];

/** Returns the target of a line of this claim. */
export const lineTarget = (state: ClaimState, line: LineState): string => targetOf(state.details, line, state.exclusivityKey);
