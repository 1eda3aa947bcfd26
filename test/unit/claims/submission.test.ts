import { expect } from 'chai';
import { checkNewClaim } from '#libs/claims/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import {
  aClaim,
  aClock,
  aCommand,
  aContact,
  aHolder,
  aLine,
  anEvent,
  aSubscription,
  aSubscriptionClaim,
  ids,
  someEvidence,
  someFacts,
  times,
  upTo,
} from '../../support/claim-builders.js';
import { after, given, worldAt } from '../../support/claim-specification.js';

const submit = aCommand('submitClaim', {});
const at = times.submitted;
const supplied = anEvent('EvidenceAdded', { evidence: someEvidence({ evidenceId: 'evidence-2' }) }, times.supplied);
const unfilled = aSubscriptionClaim({ subscriptionId: null });
const unfilledDraft = [anEvent('ClaimDrafted', { details: unfilled }), anEvent('EvidenceAdded')];

describe('checking a new claim', () => {
  const claimOf = (details = aClaim(), evidence = [someEvidence()]) => ({ partnerAccountId: ids.account, details, evidence });

  it('finds nothing in a claim that can be submitted', () => {
    expect(checkNewClaim(claimOf(), worldAt({ at }))).to.deep.equal([]);
  });

  it('reports the errors of saving and of submission together', () => {
    const findings = checkNewClaim(claimOf(aClaim({ name: '', domain: 'nodots' }), []), worldAt({ at }));
    expect(findings.map(({ code }) => code)).to.have.members(['domain_invalid', 'claim_name_required', 'evidence_missing']);
  });

  it('fills in subscriptions as the submission does', () => {
    expect(
      checkNewClaim(claimOf(unfilled), worldAt({ at, facts: someFacts({ tenant: { subscriptions: [aSubscription()] } }) })),
    ).to.deep.equal([]);
  });

  it('skips the checks of submission while the directory is silent', () => {
    const findings = checkNewClaim(claimOf(aClaim({ name: '', domain: 'nodots' })), worldAt({ at, facts: null }));
    expect(findings.map(({ code }) => code)).to.deep.equal(['domain_invalid']);
  });
});

describe('submission', () => {
  it('starts the review clocks, five business days to begin and ten for the decision', () => {
    given(...upTo.draft)
      .when(submit, { at })
      .then(anEvent('ClaimSubmitted'));
    const { clocks } = given(...upTo.submitted).state;
    expect(clocks.map(({ clock, deadline }) => [clock, deadline.dueAt])).to.deep.equal([
      ['K1', '2026-03-10T03:59:59.999Z'],
      ['K3', '2026-03-17T03:59:59.999Z'],
    ]);
  });

  it('pins the policy and the acknowledgement in force', () => {
    const policy = { ...samplePolicy, version: 7, acknowledgement: { ...samplePolicy.acknowledgement, version: 3 } };
    given(anEvent('ClaimDrafted', { details: aClaim({ acknowledgementVersion: 3 }) }), anEvent('EvidenceAdded'))
      .when(submit, { at, policy })
      .then(
        anEvent('ClaimSubmitted', {
          policy: 'sample@7',
          acknowledgementVersion: 3,
          clocks: [
            { ...aClock('K1', [1, 2], at, 5), policy: 'sample@7' },
            { ...aClock('K3', [1, 2], at, 10), policy: 'sample@7' },
          ],
        }),
      );
  });

  it('records warnings and holds with the claim', () => {
    const foreignContact = aClaim({ contacts: { ...aClaim().contacts, customer: aContact('person-customer', 'fabrikam.example') } });
    const draft = [anEvent('ClaimDrafted', { details: foreignContact }), anEvent('EvidenceAdded')];
    expect(after(draft, submit, { at }).findings.map(({ code }) => code)).to.deep.equal(['contact_domain_mismatch']);
  });

  it('fills in the subscription when exactly one is eligible', () => {
    const lines = [1];
    const filled = [{ line: 1, subscriptionId: ids.salesSubscription }];
    const clocks = [aClock('K1', lines, at, 5), aClock('K3', lines, at, 10)];
    given(...unfilledDraft)
      .when(submit, { at, facts: someFacts({ identifiers: {} }) })
      .then(anEvent('ClaimSubmitted', { lines, filled, clocks }));
    const state = after(unfilledDraft, submit, { at, facts: someFacts({ identifiers: {} }) });
    expect(state.lines[0]?.subscriptionId).to.equal(ids.salesSubscription);
    expect(state.details.lines[0]?.subscriptionId).to.equal(ids.salesSubscription);
  });

  it('treats only active purchases through Volume Licensing or Web Direct as eligible', () => {
    const subscriptions = [
      aSubscription({ subscriptionId: ids.secondSalesSubscription, channel: 'csp' }),
      aSubscription({ subscriptionId: ids.financeSubscription, state: 'suspended' }),
      aSubscription(),
    ];
    const state = after(unfilledDraft, submit, { at, facts: someFacts({ tenant: { subscriptions } }) });
    expect(state.lines[0]?.subscriptionId).to.equal(ids.salesSubscription);
  });

  it('warns when another partner holds the filled-in subscription', () => {
    const holders = [aHolder({ target: `subscription:${ids.salesSubscription}` })];
    expect(after(unfilledDraft, submit, { at, holders }).findings.map(({ code }) => code)).to.deep.equal(['subscription_already_claimed']);
  });

  it('notifies the customer at once if the programme says so', () => {
    given(...upTo.draft)
      .when(submit, { at, policy: { ...samplePolicy, noticeTiming: 'on_submit' } })
      .then(
        anEvent('ClaimSubmitted'),
        anEvent(
          'NoticeRequested',
          {
            noticeId: 'id-3',
            lines: [1, 2],
            recipients: [
              { recipientId: 'id-1', kind: 'contact', personId: 'person-customer', canStartWindow: true },
              { recipientId: 'id-2', kind: 'tenant_admin', personId: 'person-admin', canStartWindow: true },
            ],
            language: 'en',
          },
          at,
          { kind: 'partner', subject: 'ann-at-fabrikam', actsFor: [] },
        ),
      );
  });

  it('does not notify the customer while the claim is on hold, because the address may belong to someone else', () => {
    const policy = { ...samplePolicy, noticeTiming: 'on_submit' as const };
    const facts = someFacts({ tenant: { domains: ['other.example'], admins: [] } });
    const details = aClaim({ domain: 'other.example' });
    const { events } = given(anEvent('ClaimDrafted', { details }), anEvent('EvidenceAdded')).when(submit, { at, policy, facts });
    expect(events.map(({ type }) => type)).to.deep.equal(['ClaimSubmitted']);
    const cleared = aCommand('approveClaim', { clearedHolds: ['contact_domain_mismatch'] });
    const approved = given(anEvent('ClaimDrafted', { details }), ...events).when(cleared, {
      at,
      policy,
      facts,
    });
    expect(approved.events.map(({ type }) => type)).to.deep.equal(['ReviewStarted', 'LinesApproved', 'NoticeRequested']);
  });

  for (const phase of ['submitted', 'under_review', 'consent_pending', 'official', 'rejected', 'canceled'] as const) {
    it(`is refused while the claim is ${phase}`, () => {
      given(...upTo[phase])
        .when(submit)
        .thenRefused('not_in_phase');
    });
  }
});

describe('resubmission', () => {
  const resubmit = (...answer: Parameters<typeof given>) =>
    given(...upTo.action_required, ...answer).when(submit, { at: times.resubmitted });

  it('requires an answer', () => {
    resubmit().thenFindings({ code: 'answer_required', severity: 'error', field: 'evidence', line: null });
  });

  it('does not accept a comment as an answer', () => {
    resubmit(anEvent('CommentAdded', {}, times.supplied)).thenRefused('answer_required');
  });

  for (const answer of [supplied, anEvent('ClaimEdited', { changes: { name: 'Other name' } })]) {
    it(`accepts ${answer.type} as an answer and resumes the overall clock with the days left`, () => {
      resubmit(answer).then(
        anEvent(
          'ClaimSubmitted',
          { submission: 2, clocks: [aClock('K1', [1, 2], times.resubmitted, 5), aClock('K3', [1, 2], times.resubmitted, 6)] },
          times.resubmitted,
        ),
      );
    });
  }

  it('records its comment only if it is accepted', () => {
    const withComment = aCommand('submitClaim', { textId: 'text-1' });
    given(...upTo.action_required)
      .when(withComment, { at: times.resubmitted })
      .thenRefused('answer_required');
    const { events } = given(...upTo.action_required, supplied).when(withComment, { at: times.resubmitted });
    expect(events.map(({ type }) => type)).to.deep.equal(['CommentAdded', 'ClaimSubmitted']);
    expect(events[0]!.data).to.deep.equal({ textId: 'text-1', visibility: 'shared' });
  });

  it('requires a new answer to a new question', () => {
    const asked = [...upTo.action_required, supplied, anEvent('ClaimSubmitted', { submission: 2 }, times.resubmitted)];
    given(...asked, anEvent('InformationRequested', { requestId: 'request-2' }, times.later))
      .when(submit)
      .thenRefused('answer_required');
  });

  it('requires no answer about a withdrawn line', () => {
    const history = [
      ...upTo.under_review,
      anEvent('InformationRequested', { lines: [1], clocks: [aClock('K4', [1], times.decided, 5)], paused: [] }),
      supplied,
      anEvent('InformationRequested', { requestId: 'request-2', lines: [2], clocks: [], paused: [] }, times.supplied),
      anEvent('ClaimWithdrawn', { lines: [2] }, times.supplied),
    ];
    const { events } = given(...history).when(submit, { at: times.resubmitted });
    expect(events.map(({ type }) => type)).to.deep.equal(['ClaimSubmitted']);
  });

  it('submits the lines in question and leaves the others alone', () => {
    const history = [
      ...upTo.under_review,
      anEvent('InformationRequested', { lines: [2], clocks: [aClock('K4', [2], times.decided, 5)], paused: [] }),
      supplied,
    ];
    const state = after(history, submit, { at: times.resubmitted });
    expect(state.lines.map(({ phase }) => phase)).to.deep.equal(['under_review', 'submitted']);
    expect(state.submission).to.equal(2);
  });

  it('keeps the findings on other lines', () => {
    const finding = { code: 'workload_already_claimed', severity: 'warning' as const, field: 'lines[0].product', line: 1, message: '' };
    const history = [
      ...upTo.draft,
      anEvent('ClaimSubmitted', { findings: [finding] }),
      anEvent('ReviewStarted'),
      anEvent('InformationRequested', { lines: [2], paused: [] }),
      supplied,
    ];
    expect(after(history, submit, { at: times.resubmitted }).findings).to.deep.equal([finding]);
  });

  it('fills in no subscription for other lines', () => {
    const details = aSubscriptionClaim({ subscriptionId: null });
    const history = [
      anEvent('ClaimDrafted', { details: { ...details, lines: [...details.lines, aLine(2, 'finance', { activities: ['presales'] })] } }),
      anEvent('EvidenceAdded'),
      anEvent('ClaimSubmitted'),
      anEvent('ReviewStarted'),
      anEvent('LinesRejected', { lines: [1] }),
      anEvent('InformationRequested', { lines: [2], paused: [] }),
      supplied,
    ];
    const subscriptions = [aSubscription(), aSubscription({ subscriptionId: ids.financeSubscription, product: 'finance' })];
    const state = after(history, submit, { at: times.resubmitted, facts: someFacts({ tenant: { subscriptions } }) });
    expect(state.lines.map(({ subscriptionId }) => subscriptionId)).to.deep.equal([null, ids.financeSubscription]);
  });
});
