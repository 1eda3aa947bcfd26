import { expect } from 'chai';
import { type ClaimCommand, type ClaimEvent, type ClockName, clockNames, decide, eligibilityOf, fold } from '#libs/claims/index.js';
import { type Policy, samplePolicy } from '#libs/programmes/index.js';
import {
  aClaim,
  aCommand,
  anEvent,
  aSubscription,
  aSubscriptionClaim,
  ids,
  officialLine,
  someEvidence,
  someFacts,
  times,
  upTo,
} from '../../support/claim-builders.js';
import { given, worldAt } from '../../support/claim-specification.js';

const changed = (more: Partial<Policy>): Policy => ({ ...samplePolicy, ...more });

/** Clock lengths that differ from the sample's and from each other. */
const clocks: Policy['clocks'] = {
  reviewStartBusinessDays: 2,
  reviewDecisionBusinessDays: 3,
  answerBusinessDays: 4,
  consentWindow: { days: 6, unit: 'calendar_day' },
  disputeCalendarDays: 7,
  disputeAnswerBusinessDays: 8,
  hearingBusinessDays: 9,
  coolDownCalendarDays: 11,
  expiryNoticeDays: [20, 3],
};

const delivered = {
  noticeId: 'notice-1',
  results: [{ recipientId: 'recipient-contact', outcome: 'accepted' as const, acceptedAt: times.delivered }],
};
const warning = { target: `workload:${ids.tenant}:teams`, challenger: 'claim-2' };
const starts: [ClockName, ClaimEvent[], ClaimCommand, number, string][] = [
  ['K1', upTo.draft, aCommand('submitClaim', {}), 2, 'business_day'],
  ['K3', upTo.draft, aCommand('submitClaim', {}), 5, 'business_day'],
  ['K2', upTo.submitted, aCommand('startReview', {}), 3, 'business_day'],
  ['K4', upTo.under_review, aCommand('requestInformation', { reasons: ['acknowledgement_missing'] }), 4, 'business_day'],
  ['K5', upTo.approved, aCommand('recordNoticeDelivery', delivered), 6, 'calendar_day'],
  ['K7', upTo.under_review, aCommand('rejectClaim', { reason: 'evidence_insufficient' }), 7, 'calendar_day'],
  ['K8', upTo.rejected, aCommand('openDispute', { textId: 'text-1' }), 8, 'business_day'],
  ['K9', upTo.official, aCommand('warnHolder', warning), 9, 'business_day'],
];

describe('a programme with its own policy', () => {
  for (const [clock, history, command, days, unit] of starts) {
    it(`sets the length of ${clock} by the version in force when it starts`, () => {
      const inForce = { ...changed({ clocks }), version: 2 };
      const around = { ...worldAt({ at: times.decided }), policyInForce: inForce };
      // A draft has no pinned version yet and follows the one in force.
      const context = command.type === 'submitClaim' ? { ...around, policy: inForce } : around;
      const decision = decide(fold(history), command, context);
      const events = 'events' in decision ? decision.events : [];
      const started = events.flatMap(({ data }) => ('clocks' in data ? (data.clocks ?? []) : [])).filter((start) => start.clock === clock);
      expect(started.map(({ deadline, policy }) => [deadline.days, deadline.unit, policy])).to.deep.equal([[days, unit, 'sample@2']]);
    });
  }

  it('can have a window of calendar days, which ends on the last day even if it is a holiday', () => {
    const policy = changed({ clocks });
    const [accepted] = given(...upTo.approved).when(aCommand('recordNoticeDelivery', delivered), { policy }).events;
    const [clock] = accepted?.type === 'NoticeAccepted' ? accepted.data.clocks : [];
    expect(clock?.deadline.dueAtLocal).to.equal('2026-03-12T23:59:59.999-04:00');
  });

  it('sets the days on which expiry notices are sent', () => {
    const announcedAt = (on: string) => {
      const official = anEvent('LinesMadeOfficial', {
        lines: [officialLine(1, 'association-1', `subscription:${ids.salesSubscription}`, { activities: ['presales'] })],
        clocks: [],
      });
      const history = [
        anEvent('ClaimDrafted', { details: aSubscriptionClaim() }),
        anEvent('ClaimSubmitted', { lines: [1], clocks: [] }),
        anEvent('LinesApproved', { lines: [1] }),
        anEvent('NoticeRequested', { lines: [1] }),
        official,
      ];
      const facts = someFacts({ tenant: { subscriptions: [aSubscription({ endsOn: '2026-04-30' })] } });
      const { events } = given(...history).when(aCommand('checkAssociation', {}), {
        at: `${on}T15:00:00.000Z`,
        facts,
        policy: changed({ clocks }),
      });
      return events.flatMap((event) => (event.type === 'ExpiryNoticeDue' ? [event.data.daysLeft] : []));
    };
    expect(['2026-04-09', '2026-04-10', '2026-04-26', '2026-04-27'].map(announcedAt)).to.deep.equal([[], [20], [20], [3]]);
  });

  it('may make the customer’s domain optional', () => {
    const draft = aCommand('draftClaim', { number: 'CLM-000001', partnerAccountId: ids.account, details: aClaim({ domain: null }) });
    given().when(draft).thenRefused('domain_invalid');
    expect(given().when(draft, { policy: changed({ isDomainRequired: false }) }).events).to.have.length(1);
  });

  it('sets how old a signature may be', () => {
    const old = [anEvent('ClaimDrafted'), anEvent('EvidenceAdded', { evidence: someEvidence({ signedOn: '2026-01-31' }) })];
    const policy = changed({ evidence: { ...samplePolicy.evidence, signatureMaximumAgeMonths: 1 } });
    const submit = (at: string) => given(...old).when(aCommand('submitClaim', {}), { at, policy });
    expect(submit('2026-02-28T15:00:00.000Z').findings).to.deep.equal([]);
    submit('2026-03-01T15:00:00.000Z').thenRefused('evidence_stale');
  });

  it('reports eligibility even if it requires its own statement of work', () => {
    const question = { programme: 'sample', partnerAccountId: ids.account, partnerId: '4012345', tenantId: ids.tenant };
    const isPossible = (policy: Policy) => eligibilityOf(question, worldAt({ policy })).areas.map((area) => area.isPossible);
    const demanding = changed({ evidence: { ...samplePolicy.evidence, isTemplateRequired: true } });
    expect(isPossible(samplePolicy)).to.deep.equal([true, true]);
    expect(isPossible(demanding)).to.deep.equal([true, true]);
  });

  it('sets the enrolment that each area requires', () => {
    const areas = samplePolicy.areas.map((area) => ({ ...area, enrolmentProgramme: 'another' }));
    given(...upTo.draft)
      .when(aCommand('submitClaim', {}), { policy: changed({ areas }) })
      .thenRefused('location_not_enrolled');
  });

  it('is pinned to a claim on submission', () => {
    const pinned = given(...upTo.draft).when(aCommand('submitClaim', {}), { policy: { ...samplePolicy, version: 7 } }).events;
    expect(fold(pinned, fold(upTo.draft)).policy).to.equal('sample@7');
  });

  it('is tested here for every clock that counts days', () => {
    const counted = new Set(starts.map(([clock]) => clock));
    // K13 runs to a date, and K15 has a length of its own: see signature.test.ts.
    expect([...counted, 'K13', 'K15']).to.have.members(clockNames);
  });
});
