import { expect } from 'chai';
import { phases } from '#libs/claims/index.js';
import { consoleModule } from '../../support/console-module.js';

interface Stage {
  name: string;
  state: string;
  lines: number[];
  asides: { phase: string; lines: number[] }[];
}

interface SourceHandlers {
  onVersion: (version: number) => void;
  onStreaming: (isStreaming: boolean) => void;
  onAccessEnd: () => void;
}

describe("The claim page's drawing of the process", () => {
  let stagesOf: (claim: object) => Stage[];

  before(async function () {
    this.timeout(30_000);
    ({ stagesOf } = await consoleModule<{ stagesOf: typeof stagesOf }>('claim/stages.ts'));
  });

  const line = (number: number, phase: string, more: object = {}) => ({
    line: number,
    phase,
    isApproved: false,
    association: null,
    ...more,
  });
  const states = (lines: object[], submissions = 1) => stagesOf({ lines, submissions, phase: 'submitted' }).map(({ state }) => state);

  it('places every line of every phase exactly once', () => {
    for (const phase of phases) {
      for (const more of [{}, { isApproved: true }, { isApproved: true, association: {} }]) {
        for (const submissions of [0, 1]) {
          const stages = stagesOf({ lines: [line(1, phase, more), line(2, 'submitted')], submissions, phase });
          const placed = stages.flatMap(({ lines, asides }) => [...lines, ...asides.flatMap((aside) => aside.lines)]);
          expect(
            placed.toSorted((a, b) => a - b),
            phase,
          ).to.deep.equal([1, 2]);
        }
      }
    }
  });

  it('marks the present stage, what is passed and what is ahead', () => {
    expect(states([line(1, 'under_review')])).to.deep.equal(['done', 'done', 'present', 'ahead', 'ahead']);
    expect(states([line(1, 'official', { isApproved: true, association: {} })])).to.deep.equal(['done', 'done', 'done', 'done', 'present']);
  });

  it('shows a request as a pause of the review, and a rejection or refusal as the end of the way', () => {
    expect(states([line(1, 'action_required')])).to.deep.equal(['done', 'done', 'paused', 'ahead', 'ahead']);
    expect(states([line(1, 'rejected')])).to.deep.equal(['done', 'done', 'stopped', 'missed', 'missed']);
    expect(states([line(1, 'rejected', { isApproved: true })])).to.deep.equal(['done', 'done', 'done', 'stopped', 'missed']);
    expect(states([line(1, 'canceled')], 0)).to.deep.equal(['stopped', 'missed', 'missed', 'missed', 'missed']);
  });
});

describe("The claim page's stream of changes", () => {
  let watchClaim: (claimId: string, handlers: SourceHandlers, options: object) => () => void;

  before(async () => {
    ({ watchClaim } = await consoleModule<{ watchClaim: typeof watchClaim }>('claim/live-claim.ts'));
  });

  /** A stream as the page sees it; the test says what arrives. */
  class FakeSource extends EventTarget {
    readyState = 1;
    isClosed = false;
    close(): void {
      this.isClosed = true;
    }
    say(type: string, data?: object): void {
      this.dispatchEvent(Object.assign(new Event(type), { data: JSON.stringify(data) }));
    }
  }

  const watch = (options: object = {}) => {
    const heard: unknown[] = [];
    const sources: FakeSource[] = [];
    const opened: (() => void)[] = [];
    const stop = watchClaim(
      'c1',
      {
        onVersion: (version) => heard.push(version),
        onStreaming: (isStreaming) => heard.push(isStreaming ? 'streaming' : 'polling'),
        onAccessEnd: () => heard.push('access'),
      },
      {
        open: () => {
          const source = new FakeSource();
          sources.push(source);
          opened.shift()?.();
          return source;
        },
        ...options,
      },
    );
    const nextOpened = () => new Promise<void>((resolve) => opened.push(resolve));
    return { heard, sources, stop, nextOpened };
  };

  it('passes versions on', () => {
    const { heard, sources, stop } = watch();
    sources[0]!.say('message', { version: 7 });
    stop();
    expect(heard).to.deep.equal(['streaming', 7]);
    expect(sources[0]!.isClosed).to.equal(true);
  });

  it('gives up on an answer that is no stream, polls, and tries again', async () => {
    const { heard, sources, stop, nextOpened } = watch({ retryMs: 1 });
    const again = nextOpened();
    sources[0]!.readyState = 2;
    sources[0]!.say('error');
    await again;
    sources[1]!.say('open');
    stop();
    expect(heard).to.deep.equal(['polling', 'streaming']);
  });

  it('gives up on a proxy that holds everything back', async () => {
    const { heard, stop, nextOpened } = watch({ patienceMs: 1, retryMs: 1 });
    await nextOpened();
    stop();
    expect(heard[0]).to.equal('polling');
  });

  it('lets the browser reconnect by itself after a broken connection', () => {
    const { heard, sources, stop } = watch();
    sources[0]!.say('open');
    sources[0]!.readyState = 0;
    sources[0]!.say('error');
    sources[0]!.say('message', { version: 8 });
    stop();
    expect(heard).to.deep.equal(['streaming', 'streaming', 8]);
    expect(sources).to.have.length(1);
  });

  it('reports the end of access, not a shutdown', () => {
    const { heard, sources, stop } = watch();
    sources[0]!.say('end', { reason: 'shutdown' });
    sources[0]!.say('end', { reason: 'access' });
    stop();
    expect(heard).to.deep.equal(['polling', 'access']);
  });
});

describe("The claim page's explanation of a deadline", () => {
  it('lists counted and skipped days in their order, with names of holidays', async () => {
    const { clockDays } = await consoleModule<{ clockDays: (deadline: object) => object[] }>('claim/deadline-days.ts');
    const days = clockDays({
      day0: '2026-12-30',
      countedDays: ['2026-12-31', '2027-01-04'],
      skippedDays: [
        { on: '2027-01-02', because: 'weekend', name: null },
        { on: '2027-01-03', because: 'weekend', name: null },
        { on: '2027-01-01', because: 'holiday', name: "New Year's Day" },
      ],
    });
    expect(days).to.deep.equal([
      { on: '2026-12-30', kind: 'start', name: null },
      { on: '2026-12-31', kind: 'counted', name: null },
      { on: '2027-01-01', kind: 'holiday', name: "New Year's Day" },
      { on: '2027-01-02', kind: 'weekend', name: null },
      { on: '2027-01-03', kind: 'weekend', name: null },
      { on: '2027-01-04', kind: 'counted', name: null },
    ]);
  });
});

describe("The claim page's changes of a submitted claim", () => {
  type Amendment = { partnerId: string; lines: { isKept: boolean; isLocked: boolean }[]; contacts: { partner: object } };
  let amendmentOf: (claim: object) => Amendment;
  let changesOf: (begun: Amendment, now: Amendment) => Record<string, any>;

  before(async () => {
    ({ amendmentOf, changesOf } = await consoleModule<{ amendmentOf: typeof amendmentOf; changesOf: typeof changesOf }>(
      'claim-actions/amendment.ts',
    ));
  });

  const claim = {
    partnerId: '1240371',
    lines: ['action_required', 'official', 'canceled'].map((phase, index) => ({
      line: index + 1,
      product: 'teams',
      subscriptionId: null,
      activities: ['usage'],
      phase,
    })),
    contacts: { customer: { name: 'Ann', title: 'CIO', email: 'ann@x.example' }, partner: null, technical: null },
  };

  it('send only what was changed, so that others’ changes stay', () => {
    const begun = amendmentOf(claim);
    expect(changesOf(begun, begun)).to.deep.equal({});
    expect(changesOf(begun, { ...begun, partnerId: '1240388' })).to.deep.equal({ partnerId: '1240388' });
  });

  it('keep decided lines as they are and leave out canceled and dropped ones', () => {
    const begun = amendmentOf(claim);
    expect(begun.lines.map(({ isLocked }) => isLocked)).to.deep.equal([false, true]);
    const lines = begun.lines.map((line, index) => ({ ...line, isKept: index !== 0 }));
    expect(changesOf(begun, { ...begun, lines })['lines']).to.deep.equal([
      { line: 2, product: 'teams', subscriptionId: null, activities: ['usage'] },
    ]);
  });
});

describe("The claim page's offers", () => {
  it('are those of the API: each needs its command in `allowedActions`', async () => {
    const { shownActions } = await consoleModule<{ shownActions: (claim: object, can: () => boolean) => { name: string }[] }>(
      'claim-actions/shown-actions.ts',
    );
    const commands = {
      editClaim: ['edit', 'change', 'contacts'],
      submitClaim: ['answer'],
      approveClaim: ['review'],
      resendNotice: ['resend'],
      openDispute: ['dispute'],
      transferAssociation: ['transfer'],
      withdrawClaim: ['withdraw'],
      endAssociation: ['end'],
      discardDraft: ['discard'],
    };
    for (const phase of phases) {
      const offered = (allowedActions: string[]) =>
        shownActions({ claimId: 'c1', phase, lines: [{ line: 1, phase }], allowedActions }, () => true).map(({ name }) => name);
      expect(offered([]), phase).to.deep.equal([]);
      for (const [command, names] of Object.entries(commands)) expect(names, phase).to.include.members(offered([command]));
    }
  });
});
