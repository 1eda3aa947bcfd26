import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  type ClaimCommand,
  type ClaimDetails,
  type ClaimEvent,
  type ClaimState,
  decide,
  evolve,
  expire,
  expiredClock,
  fold,
  initialState,
  type NoticeDelivery,
  type Phase,
  phases,
  positionOf,
} from '#libs/claims/index.js';
import { type Policy, samplePolicy } from '#libs/programmes/index.js';
import { aClaim, aCommand, aContact, actors, aHolder, aLine, ids, someEvidence, someFacts, times } from '../support/claim-builders.js';
import { type World, worldAt } from '../support/claim-specification.js';

/** One step of a run: how much later it happens, what happens, which of the possible choices, on which lines, in which surroundings. */
interface Step {
  wait: 'nothing' | 'hours' | 'days' | 'to_deadline' | 'past_deadline';
  hours: number;
  kind: (typeof kinds)[number];
  choice: number;
  lines: number[] | undefined;
  world: 'usual' | 'target_taken' | 'directory_silent' | 'tenant_gone' | 'enrolment_lost';
}

/** What the partner, the vendor, the customer and the mail server do. Commands that move a claim forward are more frequent. */
const kinds = [
  'submitClaim',
  'submitClaim',
  'startReview',
  'approveClaim',
  'approveClaim',
  'requestInformation',
  'rejectClaim',
  'deliver',
  'deliver',
  'deliver',
  'bounce',
  'optOut',
  'addEvidence',
  'editClaim',
  'withdrawClaim',
  'clearHold',
  'openDispute',
  'decideDispute',
  'discardDraft',
  'addComment',
  'time',
] as const;

const steps: fc.Arbitrary<Step> = fc.record({
  wait: fc.constantFrom('nothing', 'hours', 'hours', 'days', 'to_deadline', 'past_deadline'),
  hours: fc.integer({ min: 0, max: 60 }),
  kind: fc.constantFrom(...kinds),
  choice: fc.nat(999),
  lines: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: fc.subarray([1, 2, 3, 4], { minLength: 1 }) }),
  world: fc.oneof(
    { weight: 12, arbitrary: fc.constant('usual' as const) },
    { weight: 1, arbitrary: fc.constantFrom('target_taken', 'directory_silent', 'tenant_gone', 'enrolment_lost') },
  ),
});
const runs = fc.record({
  noticeTiming: fc.constantFrom('on_approval' as const, 'on_submit' as const),
  steps: fc.array(steps, { minLength: 15, maxLength: 60 }),
});

const pick = <Item>(items: readonly Item[], choice: number): Item | undefined => items[choice % items.length];
const hour = 3_600_000;

/** Executes steps on a claim as the inbox does: earlier deadlines first, then the command. */
class Run {
  readonly events: ClaimEvent[] = [];
  state: ClaimState = deepFreeze(initialState);
  now = times.drafted;
  readonly refusals = new Set<string>();

  constructor(
    private readonly policy: Policy,
    private readonly law: (run: Run, event: ClaimEvent, before: ClaimState) => void,
  ) {
    const details = aClaim({ lines: [aLine(1, 'teams'), aLine(2, 'exchange'), aLine(3, 'sharepoint')] });
    this.receive(aCommand('draftClaim', { number: 'CLM-000001', partnerAccountId: ids.account, details }), {});
    this.receive(aCommand('addEvidence', { evidence: someEvidence() }), {});
  }

  take(step: Step): void {
    this.wait(step);
    const world = worldOf(step);
    this.expireDeadlines({ ...world, facts: world.facts ?? someFacts() });
    const command = commandOf(step, this.state, this.now);
    if (command !== null) this.receive(command, world);
  }

  private wait({ wait, hours }: Step): void {
    const due = positionOf(this.state).alarm?.at;
    const forward = { nothing: 0, hours: hours * hour, days: hours * 6 * hour, to_deadline: 0, past_deadline: 0 }[wait];
    const target =
      due !== undefined && wait === 'to_deadline'
        ? Date.parse(due)
        : due !== undefined && wait === 'past_deadline'
          ? Date.parse(due) + 1
          : 0;
    this.now = new Date(Math.max(Date.parse(this.now) + forward, target)).toISOString();
  }

  private expireDeadlines(world: World): void {
    for (let expired = 0; ; expired++) {
      const clock = expiredClock(this.state, this.now);
      if (clock === null) return;
      expect(expired, 'a clock that never stops expiring').to.be.lessThan(100);
      const { dueAt } = clock.deadline;
      expect(dueAt < this.now).to.equal(true);
      this.append(expire(this.state, clock, worldAt({ ...world, policy: this.policy, at: dueAt })));
    }
  }

  private receive(command: ClaimCommand, world: World): void {
    const context = () => worldAt({ ...world, policy: this.policy, at: this.now });
    const decision = decide(this.state, command, context());
    expect(decide(this.state, command, context()), 'the same command has the same outcome').to.deep.equal(decision);
    if ('refused' in decision) {
      expect(decision.refused).not.to.have.length(0);
      for (const { code } of decision.refused) this.refusals.add(code);
      if (command.type === 'optOut') expectNothingToDecline(this.state, command);
      return;
    }
    this.append(decision.events);
  }

  private append(events: ClaimEvent[]): void {
    for (const event of events) {
      const before = this.state;
      this.state = deepFreeze(evolve(before, event));
      this.events.push(event);
      this.law(this, event, before);
    }
  }
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}

function worldOf({ world }: Step): World {
  if (world === 'target_taken') return { holders: [aHolder()] };
  if (world === 'directory_silent') return { facts: null };
  if (world === 'tenant_gone') return { facts: someFacts({ tenant: null }) };
  return world === 'enrolment_lost' ? { facts: someFacts({ location: { enrolledProgrammes: [] } }) } : {};
}

function commandOf({ kind, choice, lines }: Step, state: ClaimState, now: string): ClaimCommand | null {
  const reviewer = choice % 2 === 0 ? actors.reviewer : actors.secondReviewer;
  const notice = pick(state.notices, choice);
  switch (kind) {
    case 'time':
      return null;
    case 'submitClaim':
    case 'discardDraft':
      return choice % 4 === 0 || kind === 'submitClaim' ? aCommand(kind, {}) : null;
    case 'startReview':
    case 'approveClaim':
    case 'clearHold':
      return aCommand(kind, { lines }, reviewer);
    case 'requestInformation':
      return aCommand(kind, { lines, reasons: ['dates_missing_or_old'] }, reviewer);
    case 'rejectClaim':
      return aCommand(kind, { lines, reason: 'evidence_insufficient' }, reviewer);
    case 'withdrawClaim':
      return choice % 3 === 0 ? aCommand(kind, { lines }) : null;
    case 'openDispute':
      return aCommand(kind, { lines, textId: 'text-1' });
    case 'decideDispute':
      return aCommand(
        kind,
        { lines, outcome: pick(['approve', 'ask', 'final'] as const, choice)!, reasons: ['dates_missing_or_old'] },
        reviewer,
      );
    case 'optOut':
      return aCommand(kind, { lines, noticeId: choice % 2 === 0 ? null : (notice?.noticeId ?? null) });
    case 'addEvidence':
      return aCommand(kind, { evidence: someEvidence({ evidenceId: `evidence-${choice}` }) });
    case 'addComment':
      return aCommand(kind, { textId: 'text-2', visibility: 'shared' });
    case 'editClaim':
      return aCommand(kind, { changes: changesOf(state.details, choice) });
    case 'bounce':
      return notice
        ? aCommand('reportBounce', { noticeId: notice.noticeId, recipientId: pick(notice.recipients, choice)!.recipientId })
        : null;
    case 'deliver':
      return notice ? aCommand('recordNoticeDelivery', { noticeId: notice.noticeId, results: deliveriesOf(notice, choice, now) }) : null;
  }
}

function changesOf(details: ClaimDetails, choice: number): Partial<ClaimDetails> {
  const next = Math.max(0, ...details.lines.map(({ line }) => line)) + 1;
  const contact = (person: string, domain: string) => ({ contacts: { ...details.contacts, customer: aContact(person, domain) } });
  const changes: Partial<ClaimDetails>[] = [
    { name: `Name ${choice}` },
    contact(`person-${choice}`, 'contoso.example'),
    contact(`person-${choice}`, 'elsewhere.example'),
    { contacts: { ...details.contacts, customer: null } },
    { lines: details.lines.slice(1) },
    { lines: details.lines.slice(0, -1) },
    { lines: [...details.lines, aLine(next, pick(['teams', 'intune'], choice)!)] },
    { lines: details.lines.map((line, index) => (index === 0 ? { ...line, product: 'intune' } : line)) },
  ];
  return pick(changes, choice)!;
}

/** Reaches some recipients and not others; a delivery may be recorded long after it happened. */
function deliveriesOf(notice: ClaimState['notices'][number], choice: number, now: string): NoticeDelivery[] {
  const late = new Date(Math.max(Date.parse(notice.requestedAt), Date.parse(now) - (choice % 7) * 24 * hour)).toISOString();
  return notice.recipients.flatMap(({ recipientId }, index): NoticeDelivery[] => {
    const outcome = (choice >> (2 * index)) % 4;
    if (outcome === 3) return [];
    return [outcome === 2 ? { recipientId, outcome: 'failed', reason: '550' } : { recipientId, outcome: 'accepted', acceptedAt: late }];
  });
}

/** A notified customer can always refuse while a line is open or official. */
function expectNothingToDecline(state: ClaimState, { body }: ClaimCommand & { type: 'optOut' }): void {
  const notified = body.noticeId ? state.notices.find(({ noticeId }) => noticeId === body.noticeId)!.lines : [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const named = notified.filter((line) => body.lines?.includes(line) ?? true);
  const open = state.lines.filter(({ line, phase, noticeId }) => {
    const isOpen = ['submitted', 'under_review', 'action_required', 'consent_pending'].includes(phase) && noticeId !== null;
    return named.includes(line) && (isOpen || phase === 'official');
  });
  expect(open.map(({ line }) => line)).to.deep.equal([]);
}

/** Derives what happened to a line from the events alone, without the state. */
function storyOf(events: ClaimEvent[], line: number) {
  const story = { isApproved: false, windowCloses: null as string | null, isDeclined: false };
  const acceptances = new Map<string, Set<string>>();
  const counting = new Set<string>();
  let noticeId: string | null = null;
  for (const { type, data } of events) {
    if (type === 'LinesApproved' && data.lines.includes(line)) story.isApproved = true;
    if (type === 'CustomerDeclined' && data.lines.includes(line)) story.isDeclined = true;
    if (type === 'LinesRejected' && data.lines.includes(line)) Object.assign(story, { isApproved: false, windowCloses: null });
    if (type === 'NoticeRequested') {
      for (const { canStartWindow, recipientId } of data.recipients) if (canStartWindow) counting.add(recipientId);
      acceptances.set(data.noticeId, new Set());
      if (data.lines.includes(line)) {
        noticeId = data.noticeId;
        story.windowCloses = null;
      }
    }
    if (type === 'NoticeAccepted' && counting.has(data.recipientId)) acceptances.get(data.noticeId)?.add(data.recipientId);
    if (type === 'NoticeBounced') {
      acceptances.get(data.noticeId)?.delete(data.recipientId);
      if (data.noticeId === noticeId && acceptances.get(data.noticeId)?.size === 0) story.windowCloses = null;
    }
    if (type === 'NoticeAccepted' || type === 'NoticeBounced') {
      const started = data.clocks.find((clock) => clock.clock === 'K5' && clock.lines.includes(line));
      if (started !== undefined) story.windowCloses = started.deadline.dueAt;
    }
  }
  return story;
}

const play = (from: { noticeTiming: Policy['noticeTiming']; steps: Step[] }, law: ConstructorParameters<typeof Run>[1]): Run => {
  const run = new Run({ ...samplePolicy, noticeTiming: from.noticeTiming }, law);
  for (const step of from.steps) run.take(step);
  return run;
};
const always = (law: ConstructorParameters<typeof Run>[1]) =>
  fc.assert(
    fc.property(runs, (run) => void play(run, law)),
    { numRuns: 150 },
  );

describe('any sequence of commands, clocks and deliveries', function () {
  this.timeout(60_000);

  it('gives the same state when its events are folded at once as step by step', () => {
    always((run) => {
      expect(run.state.version).to.equal(run.events.length);
    });
    fc.assert(
      fc.property(runs, (from) => {
        const run = play(from, () => undefined);
        expect(fold(run.events)).to.deep.equal(run.state);
      }),
      { numRuns: 50 },
    );
  });

  it('goes on from a state that was stored as JSON as from one that was not', () => {
    const stored = (state: ClaimState) => JSON.parse(JSON.stringify(state)) as ClaimState;
    fc.assert(
      fc.property(runs, (from) => {
        play(from, (run, event, before) => {
          if (isDeepStrictEqual(stored(evolve(stored(before), event)), stored(run.state))) return;
          expect(stored(evolve(stored(before), event)), event.type).to.deep.equal(stored(run.state));
        });
      }),
      { numRuns: 50 },
    );
  });

  it('never changes an ended, canceled or finally rejected line', () => {
    always((run, _event, before) => {
      for (const line of before.lines.filter(({ phase }) => ['ended', 'canceled', 'rejected_final'].includes(phase))) {
        const after = run.state.lines.find((other) => other.line === line.line);
        // A draft forgets dropped lines; a submitted claim keeps all of them.
        expect(after?.phase).to.equal(line.phase);
      }
    });
  });

  it('puts every deadline after its cause', () => {
    always((_run, event) => {
      const clocks = 'clocks' in event.data ? event.data.clocks : [];
      for (const { startedAt, deadline } of clocks) {
        expect(startedAt <= event.at).to.equal(true);
        expect(deadline.dueAt > startedAt).to.equal(true);
      }
    });
  });

  it('makes no line official without approval, an accepted notice, a passed deadline and silence', () => {
    always((run, event) => {
      if (event.type !== 'LinesMadeOfficial') return;
      for (const { line } of event.data.lines) {
        const story = storyOf(run.events.slice(0, -1), line);
        expect(story).to.deep.include({ isApproved: true, isDeclined: false });
        expect(story.windowCloses).to.be.a('string');
        expect(story.windowCloses! < event.at).to.equal(true);
      }
    });
  });

  it('never makes two lines official on one target', () => {
    always((run) => {
      const live = run.state.lines.filter(({ phase }) => phase === 'official').map(({ official }) => official?.target);
      expect(new Set(live).size).to.equal(live.length);
    });
  });

  it('states who moves next on every open line, and until when if a clock runs', () => {
    always((run, event) => {
      // Only the last event of a decision counts: in between, a dispute may be decided while its question is not asked yet.
      if (event.type === 'DisputeDecided' || event.type === 'ReviewStarted' || event.type === 'LinesApproved') return;
      const { waiting, isOpen } = positionOf(run.state);
      const open = run.state.lines.filter(
        ({ phase, rejection }) =>
          ['submitted', 'under_review', 'action_required', 'consent_pending', 'disputed'].includes(phase) ||
          (phase === 'rejected' && rejection?.isDisputable),
      );
      const numbers = (lines: number[]) => lines.sort((a, b) => a - b);
      expect(numbers(waiting.flatMap(({ lines }) => lines))).to.deep.equal(numbers(open.map(({ line }) => line)));
      expect(isOpen).to.equal(open.length > 0);
      for (const { for: what, until } of waiting) {
        const isClockless = ['notice_delivery', 'corrected_address', 'hold'].includes(what);
        expect(until === null, what).to.equal(isClockless);
      }
    });
  });

  it('never has the same clock twice for one line, running or paused', () => {
    always((run) => {
      const names = run.state.clocks.flatMap(({ clock, lines }) => lines.map((line) => `${clock} ${line}`));
      expect(new Set(names).size).to.equal(names.length);
      for (const { clock, lines } of run.state.paused) expect(names).not.to.include.members(lines.map((line) => `${clock} ${line}`));
    });
  });

  it('reaches every phase and most refusals, so that the tests above mean something', () => {
    const reached = new Set<Phase>();
    const refusals = new Set<string>();
    const types = new Set<string>();
    fc.assert(
      fc.property(runs, (from) => {
        const run = play(from, ({ state }, { type }) => {
          for (const { phase } of state.lines) reached.add(phase);
          types.add(type);
        });
        for (const code of run.refusals) refusals.add(code);
      }),
      { numRuns: 400, seed: 20260302 },
    );
    expect(phases.filter((phase) => !reached.has(phase))).to.deep.equal([]);
    expect(types.size).to.equal(24);
    expect([...refusals]).to.include.members([
      'not_in_phase',
      'answer_required',
      'customer_not_told',
      'hold_not_cleared',
      'second_reviewer_required',
    ]);
  });
});
