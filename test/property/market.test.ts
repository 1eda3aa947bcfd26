import { expect } from 'chai';
import fc from 'fast-check';
import { type ClaimCommand, type ClaimState, type EndReason, fold, positionOf, settleRivals, targetOf } from '#libs/claims/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { aClaim, aCommand, actors, aLine, someEvidence, someFacts, times } from '../support/claim-builders.js';
import { Market, type MarketClaim } from '../support/market.js';

/** Up to six open claims of three companies at a time, two workloads of one tenant. */
const companies = ['aa', 'bb', 'cc'].map((letters) => `6a1f0c1e-0000-4000-8000-0000000000${letters}`);
const claimIds = ['claim-1', 'claim-2', 'claim-3', 'claim-4', 'claim-5', 'claim-6'];
const companyOf = (claimId: string) => companies[claimIds.indexOf(claimId.split('.')[0]!) % companies.length]!;

/** The claim that is open under a number; when it has come to its end, the next. */
function currentId(market: Market, first: string): string {
  const closed = ['ended', 'rejected', 'rejected_final', 'canceled'];
  for (let generation = 1; ; generation++) {
    const claimId = generation === 1 ? first : `${first}.${generation}`;
    const state = market.claims.get(claimId)?.state;
    if (state === undefined || state.lines.length === 0 || state.lines.some(({ phase }) => !closed.includes(phase))) return claimId;
  }
}

const kinds = [
  ...Array.from({ length: 24 }, () => 'goOn' as const),
  'ask',
  'reject',
  'optOut',
  'block',
  'accept',
  'withdraw',
  'disassociate',
  'transfer',
  'check',
  'evidence',
  'choose',
  'dispute',
  'extend',
  'time',
] as const;

interface Step {
  claim: number;
  kind: (typeof kinds)[number];
  hours: number;
  choice: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    // One of them is pursued most of the time, or hardly any would come to its end.
    claim: fc.constantFrom(0, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5),
    kind: fc.constantFrom(...kinds),
    hours: fc.constantFrom(0, 0, 0, 1, 7, 26, 60, 170, 190),
    choice: fc.nat(999),
  }),
  { minLength: 30, maxLength: 70 },
);

const hour = 3_600_000;
const pick = <Item>(items: readonly Item[], choice: number): Item | undefined => items[choice % items.length];
const onClaim = (state: ClaimState | undefined, claimId: string, step: Step): ClaimCommand | null => {
  const reviewer = pick([actors.reviewer, actors.secondReviewer], step.choice)!;
  const partner = { ...actors.partner, subject: `person-of-${companyOf(claimId)}`, actsFor: [companyOf(claimId)] };
  if (state === undefined) return aDraft(claimId, step, partner);
  const line = pick(state.lines, step.choice);
  switch (step.kind) {
    case 'goOn':
      return next(state, claimId, step, partner, reviewer);
    case 'ask':
      return aCommand('requestInformation', { reasons: ['dates_missing_or_old'] }, reviewer);
    case 'reject':
      return aCommand('rejectClaim', { reason: 'evidence_insufficient' }, reviewer);
    case 'optOut':
      return aCommand('optOut', {});
    case 'block':
      return state.isPartnerBlocked ? aCommand('liftBlock', {}) : aCommand('optOut', { blockPartner: true });
    case 'accept':
      return aCommand('acceptClaim', { isTenantAdmin: step.choice % 2 === 0 });
    case 'withdraw':
      return aCommand('withdrawClaim', { lines: line ? [line.line] : undefined }, partner);
    case 'disassociate':
      return aCommand('endAssociation', { reason: 'partner_disassociated', textId: 'text-1' }, partner);
    case 'transfer':
      return aCommand('transferAssociation', { partnerId: pick(['4012345', '4012346'], step.choice)! }, partner);
    case 'check':
      return aCommand('checkAssociation', {});
    case 'evidence': {
      const signedOn = pick(['2026-02-10', '2026-02-20', '2026-03-01', '2026-04-10'], step.choice)!;
      return aCommand('addEvidence', { evidence: someEvidence({ evidenceId: `evidence-${step.choice}`, signedOn }) }, partner);
    }
    case 'choose': {
      const asked = pick(state.choices, step.choice);
      if (asked === undefined) return line ? aCommand('askCustomerToChoose', { line: line.line }, reviewer) : null;
      return aCommand('chooseRival', { choiceId: asked.choiceId, claimId: pick(asked.candidates, step.choice)!.claimId });
    }
    case 'dispute':
      return state.lines.some(({ phase }) => phase === 'disputed')
        ? aCommand(
            'decideDispute',
            { outcome: pick(['approve', 'final', 'ask'] as const, step.choice)!, reasons: ['dates_missing_or_old'] },
            reviewer,
          )
        : aCommand('openDispute', { textId: 'text-1' }, partner);
    case 'extend':
      return aCommand('extendDeadline', { clock: pick(['K4', 'K5', 'K9'] as const, step.choice)! }, reviewer);
    case 'time':
      return null;
  }
};

function aDraft(claimId: string, { choice }: Step, partner: typeof actors.partner): ClaimCommand {
  const products = pick([['teams'], ['exchange'], ['teams', 'exchange']], choice)!;
  const lines = products.map((product, index) => aLine(index + 1, product));
  return aCommand('draftClaim', { number: claimId, partnerAccountId: companyOf(claimId), details: aClaim({ lines }) }, partner);
}

/** What leads on from where the claim stands. */
function next(
  state: ClaimState,
  claimId: string,
  { choice }: Step,
  partner: typeof actors.partner,
  reviewer: typeof actors.reviewer,
): ClaimCommand | null {
  const has = (phase: string) => state.lines.find((line) => line.phase === phase);
  const undelivered = [
    ...state.notices.map(({ noticeId, recipients }) => ({ noticeId, recipients })),
    ...state.choices.map(({ choiceId, recipients }) => ({ noticeId: choiceId, recipients })),
  ].find(({ recipients }) => recipients.some((one) => one.state === 'pending'));
  if (state.evidence.length === 0) return aCommand('addEvidence', { evidence: someEvidence() }, partner);
  if (undelivered !== undefined) {
    const results = undelivered.recipients.map(({ recipientId }) => ({
      recipientId,
      outcome: 'accepted' as const,
      acceptedAt: state.notices.at(-1)?.requestedAt ?? times.delivered,
    }));
    return aCommand('recordNoticeDelivery', { noticeId: undelivered.noticeId, results });
  }
  if (has('draft') || has('action_required')) return aCommand('submitClaim', {}, partner);
  const open = has('submitted') ?? has('under_review') ?? has('disputed');
  if (open === undefined) return null;
  return choice % 2 === 0
    ? aCommand(open.phase === 'disputed' ? 'decideDispute' : 'approveClaim', { lines: [open.line], outcome: 'approve' } as never, reviewer)
    : aCommand('decideRivals', { line: open.line, winner: claimId, step: 'newest_evidence' }, reviewer);
}

const facts = (state: ClaimState) =>
  someFacts({ location: { globalAccountId: state.partnerAccountId, partnerId: state.details.partnerId } });

interface Played {
  market: Market;
  refusals: Set<string>;
}

/** The first claim becomes official before anything else happens, so that there is a holder to challenge. */
const opening: Step[] = [...Array.from({ length: 5 }, () => 0), 190].map((hours) => ({ claim: 0, kind: 'goOn', hours, choice: 2 }));

function play(from: Step[]): Played {
  const market = new Market(samplePolicy, facts);
  const refusals = new Set<string>();
  let now = Date.parse(times.drafted);
  for (const step of [...opening, ...from]) {
    now += step.hours * hour;
    const claimId = currentId(market, claimIds[step.claim]!);
    const at = new Date(now).toISOString();
    const command = () => onClaim(market.claims.get(claimId)?.state, claimId, step);
    let asked = command();
    let codes = market.receive(claimId, asked, at);
    // A reviewer reads what the order of decision gives, and records that.
    if (codes[0] === 'decision_order' && asked?.type === 'decideRivals') {
      asked = { ...asked, body: { ...asked.body, ...settledFor(market, claimId, asked.body.line) } };
      codes = market.receive(claimId, asked, at);
    }
    for (const code of codes) refusals.add(code);
  }
  return { market, refusals };
}

/** The winner as an independent look at the claims finds it, by the same order of domain 10. */
function settledFor(market: Market, claimId: string, line: number) {
  const { state } = market.claims.get(claimId)!;
  const target = targetOf(state.details, state.lines.find((one) => one.line === line)!);
  const candidates = [...market.claims.values()].flatMap((claim) =>
    claim.state.lines
      .filter((one) => targetOf(claim.state.details, one) === target)
      .filter(() => claim.claimId === claimId || claim.state.partnerAccountId !== state.partnerAccountId)
      .filter((one) => ['submitted', 'under_review', 'action_required', 'disputed', 'official'].includes(one.phase))
      .map((one) => ({
        claimId: claim.claimId,
        line: one.line,
        partnerAccountId: claim.state.partnerAccountId,
        isHolder: one.phase === 'official',
        submittedAt: claim.state.submittedAt!,
        evidenceOn:
          claim.state.evidence
            .map(({ signedOn }) => signedOn!)
            .sort()
            .at(-1) ?? null,
      })),
  );
  const words = [...market.claims.values()].flatMap((claim) =>
    claim.state.choices.filter((one) => one.target === target && one.chosen !== null),
  );
  const latest = words.sort((a, b) => (a.chosen!.at < b.chosen!.at ? -1 : 1)).at(-1)?.chosen?.claimId ?? null;
  return settleRivals(candidates, latest);
}

interface Interval {
  claimId: string;
  from: string;
  to: string | null;
  reason: EndReason | null;
}

/** Who had each target when, from the events' own words. */
function tenures(market: Market): Map<string, Interval[]> {
  const all = [...market.claims.values()].flatMap(({ claimId, state }) =>
    state.lines.flatMap(({ official }) =>
      official === null
        ? []
        : [
            {
              claimId,
              target: official.target,
              from: official.earlier[0]?.from ?? official.from,
              to: official.to,
              reason: official.endReason,
            },
          ],
    ),
  );
  return Map.groupBy(
    all.toSorted((a, b) => (a.from < b.from ? -1 : 1)),
    ({ target }) => target,
  );
}

const undecided = ['submitted', 'under_review', 'action_required', 'consent_pending', 'disputed'];

describe('Any run of many claims on few targets', function () {
  this.timeout(300_000);

  it('keeps the laws of exclusivity, a thousand times', () => {
    const met = { associations: 0, supersessions: 0, refusals: new Set<string>() };
    fc.assert(
      fc.property(steps, (from) => {
        const { market, refusals } = play(from);
        for (const code of refusals) met.refusals.add(code);
        for (const intervals of tenures(market).values()) {
          met.associations += intervals.length;
          met.supersessions += intervals.filter(({ reason }) => reason === 'superseded').length;
          expectOnePartnerAtATime(intervals);
        }
        for (const claim of market.claims.values()) {
          expectNobodyForgotten(claim);
          expectEveryoneHeard(claim);
          expect(fold(claim.events), 'read again').to.deep.equal(claim.state);
        }
      }),
      { numRuns: 1000 },
    );
    // What the laws are about has happened, or nothing was put to the test.
    expect(met.associations).to.be.greaterThan(1000);
    expect(met.supersessions).to.be.greaterThan(20);
    expect([...met.refusals]).to.include.members([
      'decision_record_required',
      'holder_not_heard',
      'rival_in_window',
      'no_rivals',
      'claim_cooldown',
      'partner_blocked',
      'duplicate_own',
    ]);
  });
});

/** Never two at once, and where one takes the place of another, no gap. */
function expectOnePartnerAtATime(intervals: Interval[]): void {
  for (const [index, { to, reason, claimId }] of intervals.entries()) {
    const after = intervals[index + 1];
    if (after !== undefined) expect(to !== null && to <= after.from, `${claimId} and ${after.claimId} overlap`).to.equal(true);
    if (reason === 'superseded') expect(after?.from, `a gap after ${claimId}`).to.equal(to);
  }
}

/** Every open line has somebody to move it, and a deadline or a reason for none. */
function expectNobodyForgotten({ state }: MarketClaim): void {
  const { waiting } = positionOf(state);
  for (const line of state.lines.filter(({ phase }) => undecided.includes(phase))) {
    const wait = waiting.find(({ lines }) => lines.includes(line.line));
    expect(wait, `${line.phase} of nobody`).not.to.equal(undefined);
    const isTimed = wait!.until !== null || ['notice_delivery', 'corrected_address', 'hold'].includes(wait!.for);
    expect(isTimed, `${wait!.for} for ever`).to.equal(true);
  }
}

/** A holder is displaced after its hearing and with a record, and whoever lost to a rival has one. */
function expectEveryoneHeard({ events }: MarketClaim): void {
  const hasLost = (lines: number[]) =>
    events.some((one) => one.type === 'RivalsDecided' && lines.includes(one.data.line) && !one.data.isWinner);
  for (const { type, data } of events) {
    if (type === 'LinesRejected' && data.reason === 'lost_arbitration') expect(hasLost(data.lines), 'lost without a record').to.equal(true);
    if (type !== 'AssociationEnded' || data.reason !== 'superseded') continue;
    expect(hasLost(data.lines), 'displaced without a record').to.equal(true);
    // Another hearing may have begun since, for somebody else's claim.
    const isHeard = events.some((one) => one.type === 'HearingClosed' && data.lines.some((line) => one.data.lines.includes(line)));
    expect(isHeard, 'displaced unheard').to.equal(true);
  }
}
