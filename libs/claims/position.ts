import { clockRules, type ClockName, isAssociationClock, type RunningClock } from './clocks.js';
import { needsDirectory, pendingClocks } from './due.js';
import { earliestOf } from './instants.js';
import { type Phase, undecidedPhases } from './phases.js';
import { isChoiceOpen } from './rules/rivalry.js';
import { type ChoiceState, type ClaimState, type LineState, linesIn, type NoticeState, openSignature, phaseOf } from './state.js';

/** Who moves next, on which lines, since when and until when. */
export interface Waiting {
  for:
    | 'review'
    | 'decision'
    | 'answer'
    | 'signature'
    | 'notice_delivery'
    | 'corrected_address'
    | 'customer'
    | 'hold'
    | 'dispute'
    | 'dispute_decision';
  mover: 'partner' | 'reviewer' | 'customer' | 'system';
  lines: number[];
  since: string;
  until: string | null;
}

/** What a claim waits for, in ids, instants and codes only: this is all that Temporal learns about it. */
export interface Position {
  version: number;
  /** How often the claim was submitted; each submission is a workflow run of its own. */
  submission: number;
  /** The claim's rolled-up phase. */
  phase: Phase;
  lines: { line: number; phase: Phase }[];
  waiting: Waiting[];
  /** Notices and choices that still have mail to send. */
  noticesToSend: string[];
  /** The next deadline, or null when no clock runs. */
  alarm: Alarm | null;
  /** Whether anything is left to wait for. */
  isOpen: boolean;
  /** Set while the customer is asked to sign the statement of work. */
  isAwaitingSignature?: true;
  /** The claim's associations, each with what its own workflow waits for. */
  associations: { associationId: string; isLive: boolean; alarm: Alarm | null }[];
}

export interface Alarm {
  clock: ClockName;
  at: string;
  needsDirectory: boolean;
}

export function positionOf(state: ClaimState): Position {
  const pending = pendingClocks(state);
  const next = pending.find(({ clock }) => !isAssociationClock(clock));
  const waiting = waits(state);
  return {
    version: state.version,
    submission: state.submission,
    phase: phaseOf(state),
    lines: state.lines.map(({ line, phase }) => ({ line, phase })),
    waiting,
    noticesToSend: [
      ...openNotices(state).map((notice) => ({ id: notice.noticeId, ...notice })),
      ...openChoices(state).map((choice) => ({ id: choice.choiceId, ...choice })),
    ]
      .filter(({ recipients }) => recipients.some((recipient) => recipient.state === 'pending'))
      .map(({ id }) => id),
    alarm: next === undefined ? null : alarmOf(state, next),
    // A draft waits for nobody but a signatory.
    isOpen: (state.submission > 0 || openSignature(state) !== null) && (waiting.length > 0 || next !== undefined),
    ...(openSignature(state) !== null && { isAwaitingSignature: true as const }),
    associations: state.lines.flatMap((line) => associationsOf(state, line, pending)),
  };
}

/** Returns whether a claim waits for the same at two positions; a comment, for one, changes its version and nothing else. */
export const isSameWait = (one: Position, other: Position): boolean => waitOf(one) === waitOf(other);

const waitOf = ({ version: _, ...wait }: Position): string => JSON.stringify(wait);

const alarmOf = (state: ClaimState, clock: RunningClock): Alarm => ({
  clock: clock.clock,
  at: clock.deadline.dueAt,
  needsDirectory: needsDirectory(state, clock),
});

/** Returns the line's current association and those that ended by transfer. */
function associationsOf(state: ClaimState, { line, official }: LineState, pending: RunningClock[]): Position['associations'] {
  if (official === null) return [];
  const next = pending.find(({ clock, lines }) => isAssociationClock(clock) && lines.includes(line));
  const earlier = official.earlier.map(({ associationId }) => ({ associationId, isLive: false, alarm: null }));
  const alarm = next === undefined ? null : alarmOf(state, next);
  return [...earlier, { associationId: official.associationId, isLive: official.to === null, alarm }];
}

/** Returns the next deadline of the claim and its associations, RFC 3339, or null when no clock runs. */
export const nextDeadlineAt = (state: ClaimState): string | null => pendingClocks(state)[0]?.deadline.dueAt ?? null;

/** Questions to the customer whose line is not decided yet; only these are sent. */
const openChoices = (state: ClaimState): ChoiceState[] => state.choices.filter((choice) => isChoiceOpen(state, choice));

/** Notices about lines whose outcome is still open; only these are sent. */
function openNotices(state: ClaimState): NoticeState[] {
  const open = linesIn(state, undecidedPhases);
  return state.notices.filter((notice) => open.some((line) => line.noticeId === notice.noticeId));
}

function waits(state: ClaimState): Waiting[] {
  return [
    ...byClock(state, 'submitted', 'review', 'K1'),
    ...byClock(state, 'under_review', 'decision', 'K2'),
    ...byClock(state, 'action_required', 'answer', 'K4'),
    ...consent(state),
    ...byClock(state, 'rejected', 'dispute', 'K7').filter((wait) => wait.until !== null),
    ...byClock(state, 'disputed', 'dispute_decision', 'K8'),
    ...signature(state),
  ];
}

function byClock(state: ClaimState, phase: Phase, what: Waiting['for'], clock: ClockName): Waiting[] {
  const lines = linesIn(state, [phase]);
  if (lines.length === 0) return [];
  const mover = clockRules[clock].mover;
  return group(lines, (line) => clockEnd(state, clock, line.line)).map(([until, waitingLines]) => ({
    for: what,
    mover,
    lines: waitingLines.map((line) => line.line),
    since: earliest(waitingLines),
    until,
  }));
}

/** The customer's signature is of the claim, not of a line. */
function signature(state: ClaimState): Waiting[] {
  const request = openSignature(state);
  if (request === null) return [];
  return [{ for: 'signature', mover: 'customer', lines: [], since: request.requestedAt, until: request.expiresAt }];
}

const movers = { hold: 'reviewer', customer: 'customer', notice_delivery: 'system', corrected_address: 'partner' } as const;

function consent(state: ClaimState): Waiting[] {
  const what = (line: number, holds: number, noticeId: string | null): keyof typeof movers => {
    if (holds > 0) return 'hold';
    if (clockEnd(state, 'K5', line) !== null) return 'customer';
    const notice = state.notices.find((notice) => notice.noticeId === noticeId);
    return notice?.recipients.some((recipient) => recipient.state === 'pending') ? 'notice_delivery' : 'corrected_address';
  };
  const waits = linesIn(state, ['consent_pending']).map((line) => ({
    line,
    kind: what(line.line, line.holds.length, line.noticeId),
    until: clockEnd(state, 'K5', line.line),
  }));
  return group(waits, ({ kind, until }) => `${kind} ${until}`).map(([, members]) => ({
    for: members[0]!.kind,
    mover: movers[members[0]!.kind],
    lines: members.map(({ line }) => line.line),
    since: earliest(members.map(({ line }) => line)),
    until: members[0]!.until,
  }));
}

const earliest = (lines: LineState[]): string => earliestOf(lines.map((line) => line.since))!;

function clockEnd(state: ClaimState, clock: ClockName, line: number): string | null {
  return state.clocks.find((running) => running.clock === clock && running.lines.includes(line))?.deadline.dueAt ?? null;
}

function group<Item, Key>(items: Item[], key: (item: Item) => Key): [Key, Item[]][] {
  const groups = new Map<Key, Item[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups];
}
