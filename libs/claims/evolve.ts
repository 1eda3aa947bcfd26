import { clockRules, type ClockStart, type PausedClock } from './clocks.js';
import type { ClaimDetails } from './details.js';
import type { ClaimEvent, EventOf } from './events.js';
import type { Phase } from './phases.js';
import { type ClaimState, initialState, type LineState, type NoticeState, targetOf } from './state.js';

/** Folds a claim's events, oldest first, into what is true now. */
export const fold = (events: readonly ClaimEvent[], from: ClaimState = initialState): ClaimState => events.reduce(evolve, from);

/** Applies one fact. Total and tolerant: an event that this version does not know changes nothing but the version. */
export function evolve(state: ClaimState, event: ClaimEvent): ClaimState {
  const next = leaveClocks(apply({ ...state, version: state.version + 1 }, event));
  if (event.by.kind !== 'partner' || next.partnerSubjects.includes(event.by.subject)) return next;
  return { ...next, partnerSubjects: [...next.partnerSubjects, event.by.subject] };
}

function apply(state: ClaimState, event: ClaimEvent): ClaimState {
  const { at } = event;
  switch (event.type) {
    case 'ClaimDrafted': {
      const { number, partnerAccountId, policy, details } = event.data;
      return withDetails({ ...state, number, partnerAccountId, policy }, details, at);
    }
    case 'ClaimEdited':
      return withDetails({ ...state, suppliedAtVersion: state.version }, { ...state.details, ...event.data.changes }, at);
    case 'EvidenceAdded':
      return { ...state, suppliedAtVersion: state.version, evidence: [...state.evidence, event.data.evidence] };
    case 'CommentAdded':
      return state;
    case 'DraftDiscarded':
      return move(state, numbersOf(state), 'canceled', at);
    case 'ClaimSubmitted':
      return submitted(state, event);
    case 'ReviewStarted':
      return start(move(state, event.data.lines, 'under_review', at), event.data.clocks);
    case 'InformationRequested': {
      const { requestId, lines, reasons, clocks, paused } = event.data;
      const request = { requestId, lines, reasons, askedAt: at, version: state.version };
      const asked = move({ ...state, requests: [...state.requests, request] }, lines, 'action_required', at);
      return start({ ...asked, paused: [...resumed(asked.paused, lines), ...paused] }, clocks);
    }
    case 'LinesApproved':
      return change(move(state, event.data.lines, 'consent_pending', at), event.data.lines, () => ({ isApproved: true }));
    case 'LinesRejected': {
      const { lines, reason, isFinal, clocks } = event.data;
      const rejection = { reason, by: event.by.subject, isDisputable: !isFinal };
      return start(change(move(state, lines, isFinal ? 'rejected_final' : 'rejected', at), lines, () => ({ rejection })), clocks);
    }
    case 'DeadlineBreached': {
      const { clock, dueAt } = event.data;
      const isIt = (running: ClaimState['clocks'][number]) => running.clock === clock && running.deadline.dueAt === dueAt;
      return { ...state, clocks: state.clocks.map((running) => (isIt(running) ? { ...running, isBreached: true } : running)) };
    }
    case 'NoticeRequested': {
      const { noticeId, lines, language, recipients } = event.data;
      const pending = recipients.map((recipient) => ({ ...recipient, state: 'pending' as const, at: null }));
      const notice = { noticeId, lines, language, requestedAt: at, closesAt: null, recipients: pending };
      return change({ ...state, notices: [...state.notices, notice] }, lines, () => ({ noticeId, isWindowPassed: false }));
    }
    case 'NoticeAccepted':
      return start(recipient(state, event.data, 'accepted', at, event.data.clocks[0]?.deadline.dueAt), event.data.clocks);
    case 'NoticeFailed':
      return recipient(state, event.data, 'failed', at);
    case 'NoticeBounced': {
      const lines = state.notices.find((notice) => notice.noticeId === event.data.noticeId)?.lines ?? [];
      const voided = { ...state, clocks: withoutLines(state.clocks, 'K5', lines) };
      return start(change(recipient(voided, event.data, 'bounced', at, event.data.clocks[0]?.deadline.dueAt ?? null), lines, () => ({ isWindowPassed: false })), event.data.clocks);
    }
    case 'CustomerDeclined': {
      const rejection = { reason: 'customer_declined', by: event.by.subject, isDisputable: false };
      return change(move(state, event.data.lines, 'rejected', at), event.data.lines, () => ({ rejection }));
    }
    case 'ConsentWindowPassed': {
      const { lines } = event.data;
      return change({ ...state, clocks: withoutLines(state.clocks, 'K5', lines) }, lines, () => ({ isWindowPassed: true }));
    }
    case 'LinesMadeOfficial': {
      const numbers = event.data.lines.map(({ line }) => line);
      const made = (line: LineState) => {
        const { associationId, target } = event.data.lines.find((official) => official.line === line.line)!;
        return { holds: [], official: { associationId, target, from: at, to: null } };
      };
      return change(move(state, numbers, 'official', at), numbers, made);
    }
    case 'LinesHeld': {
      const { lines, findings } = event.data;
      const holdsOf = (line: LineState) => findings.filter((finding) => finding.line === null || finding.line === line.line);
      const held = change(state, lines, (line) => ({ isWindowPassed: true, holds: holdsOf(line) }));
      return { ...held, clocks: withoutLines(held.clocks, 'K5', lines) };
    }
    case 'AssociationEnded': {
      const ended = (line: LineState) => ({ official: line.official && { ...line.official, to: at } });
      return change(move(state, event.data.lines, 'ended', at), event.data.lines, ended);
    }
    case 'ClaimWithdrawn':
      return move(state, event.data.lines, 'canceled', at);
    case 'DisputeOpened': {
      const { lines, clocks } = event.data;
      return start(change(move(state, lines, 'disputed', at), lines, () => ({ isDisputeUsed: true })), clocks);
    }
    case 'DisputeDecided': {
      const { lines, outcome } = event.data;
      if (outcome === 'final') return move(state, lines, 'rejected_final', at);
      // Approval and a question follow as events of their own, which move the lines on.
      return change(state, lines, () => ({ rejection: null }));
    }
    case 'DisputeWindowClosed': {
      const { lines } = event.data;
      const closed = (line: LineState) => ({ rejection: line.rejection && { ...line.rejection, isDisputable: false } });
      return change({ ...state, clocks: withoutLines(state.clocks, 'K7', lines) }, lines, closed);
    }
    default:
      event satisfies never;
      return state;
  }
}

const numbersOf = (state: ClaimState): number[] => state.lines.map((line) => line.line);

function submitted(state: ClaimState, { at, data }: EventOf<'ClaimSubmitted'>): ClaimState {
  const fill = (line: LineState) => {
    const filled = data.filled.find((one) => one.line === line.line);
    return filled === undefined ? {} : { subscriptionId: filled.subscriptionId };
  };
  const moved = change(move(state, data.lines, 'submitted', at), data.lines, fill);
  const details = { ...moved.details, lines: moved.details.lines.map((line) => ({ ...line, ...fill(line as LineState) })) };
  const paused = moved.paused.filter(({ clock }) => clock !== 'K3');
  return start({ ...moved, details, paused, submission: data.submission, policy: data.policy, findings: data.findings }, data.clocks);
}

/** Takes over the partner's statement: a product that is gone leaves the claim, a new one begins where the others stand. */
function withDetails(state: ClaimState, details: ClaimDetails, at: string): ClaimState {
  const stated = new Map(details.lines.map((line) => [line.line, line]));
  const entry: Phase = state.lines.find((line) => line.phase === 'submitted' || line.phase === 'action_required')?.phase ?? 'draft';
  const kept = state.lines.map((line) => {
    const now = stated.get(line.line);
    stated.delete(line.line);
    if (now !== undefined) return { ...line, ...now };
    return line.phase === entry ? { ...line, phase: 'canceled' as const, since: at } : line;
  });
  const isDraft = state.submission === 0;
  const added = [...stated.values()].map((line) => newLine(line, entry, at));
  return { ...state, details, lines: [...(isDraft ? kept.filter((line) => line.phase !== 'canceled') : kept), ...added] };
}

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
  const mark = (notice: NoticeState): NoticeState => ({
    ...notice,
    ...(closesAt === undefined ? {} : { closesAt }),
    recipients: notice.recipients.map((one) => (one.recipientId === recipientId ? { ...one, state: reached, at } : one)),
  });
  return { ...state, notices: state.notices.map((notice) => (notice.noticeId === noticeId ? mark(notice) : notice)) };
}

function start(state: ClaimState, starts: ClockStart[]): ClaimState {
  const begun = starts.map((clock) => ({ ...clock, isBreached: false }));
  const lines = (clock: string) => starts.filter((one) => one.clock === clock).flatMap((one) => one.lines);
  // A clock that starts anew replaces the one that ran for the same lines, and uses up what was left of a pause.
  const running = state.clocks.map((clock) => ({ ...clock, lines: clock.lines.filter((line) => !lines(clock.clock).includes(line)) }));
  const paused = state.paused.map((pause) => ({ ...pause, lines: pause.lines.filter((line) => !lines(pause.clock).includes(line)) }));
  return { ...state, clocks: [...running, ...begun], paused: paused.filter((pause) => pause.lines.length > 0) };
}

const resumed = (paused: PausedClock[], lines: number[]): PausedClock[] =>
  paused.filter((pause) => !pause.lines.some((line) => lines.includes(line)));

function withoutLines(clocks: ClaimState['clocks'], name: string, lines: number[]): ClaimState['clocks'] {
  return clocks.map((clock) => (clock.clock === name ? { ...clock, lines: clock.lines.filter((line) => !lines.includes(line)) } : clock));
}

/** A clock runs for the lines that are still in its phases; without a line it is over. */
function leaveClocks(state: ClaimState): ClaimState {
  const phaseOfLine = new Map(state.lines.map((line) => [line.line, line.phase]));
  const clocks = state.clocks
    .map((clock) => ({ ...clock, lines: clock.lines.filter((line) => clockRules[clock.clock].phases.includes(phaseOfLine.get(line)!)) }))
    .filter((clock) => clock.lines.length > 0);
  return { ...state, clocks };
}

/** The target of a line of this claim. */
export const lineTarget = (state: ClaimState, line: LineState): string => targetOf(state.details, line);
