import { expect } from 'chai';
import type { EvidenceReference } from '#libs/claims/index.js';
import { type Policy, samplePolicy } from '#libs/programmes/index.js';
import { aCommand, aContact, aClaim, aHolder, anEvent, aRival, ids, someEvidence, times, upTo } from '../../support/claim-builders.js';
import { given, type World } from '../../support/claim-specification.js';

const sha256 = 'b'.repeat(64);
const policy: Policy = {
  ...samplePolicy,
  statementTemplates: [
    {
      code: 'standard',
      title: { en: 'Standard statement of work', ru: 'Типовое соглашение' },
      sha256,
      fields: ['tenantId', 'domain', 'products', 'activities', 'signedOn'],
      state: 'active',
    },
  ],
  automaticApprovals: [
    {
      code: 'standard_usage',
      areas: ['modern_work_security'],
      activities: ['usage'],
      products: null,
      template: 'standard',
      maximumLines: 5,
    },
  ],
};
const cover: NonNullable<EvidenceReference['cover']> = {
  tenantId: ids.tenant,
  domain: 'contoso.example',
  templateSha256: sha256,
  products: ['teams', 'exchange'],
  activities: ['usage'],
};

const submitted = (evidence: Partial<EvidenceReference> = {}, world: World = {}, details = aClaim()) =>
  given(anEvent('ClaimDrafted', { details }), anEvent('EvidenceAdded', { evidence: someEvidence({ cover, ...evidence }) })).when(
    aCommand('submitClaim', {}),
    { at: times.submitted, policy, ...world },
  );
const typesOf = (...sent: Parameters<typeof submitted>) => submitted(...sent).events.map(({ type }) => type);
const byReviewer = ['ClaimSubmitted'];

describe('automatic approval', () => {
  it('approves a claim on a registered template and records the rule', () => {
    const { events } = submitted();
    expect(events.map(({ type, by }) => [type, by.kind])).to.deep.equal([
      ['ClaimSubmitted', 'partner'],
      ['ReviewStarted', 'system'],
      ['LinesApproved', 'system'],
      ['NoticeRequested', 'system'],
    ]);
    expect(events.flatMap((event) => (event.type === 'LinesApproved' ? [event.data.rule] : []))).to.deep.equal(['standard_usage']);
  });

  it('leaves a claim with a file in quarantine to a reviewer', () => {
    expect(typesOf({ quarantine: 'waiting' })).to.deep.equal(byReviewer);
  });

  it('also works when the customer is notified on submission, and sends only one notice', () => {
    const expected = ['ClaimSubmitted', 'NoticeRequested', 'ReviewStarted', 'LinesApproved'];
    expect(typesOf({}, { policy: { ...policy, noticeTiming: 'on_submit' } })).to.deep.equal(expected);
  });

  it('leaves a claim to a reviewer when its cover form differs from the template or the claim', () => {
    for (const other of [
      { templateSha256: 'c'.repeat(64) },
      { templateSha256: null },
      { products: ['teams'] },
      { activities: [] },
      { domain: null },
      { tenantId: null },
    ]) {
      expect(typesOf({ cover: { ...cover, ...other } }), JSON.stringify(other)).to.deep.equal(byReviewer);
    }
    expect(typesOf({ cover: null })).to.deep.equal(byReviewer);
  });

  it('leaves a claim to a reviewer when it has a hold or a competitor', () => {
    const foreignContact = aClaim({ contacts: { ...aClaim().contacts, customer: aContact('person-customer', 'fabrikam.example') } });
    expect(typesOf({}, {}, foreignContact)).to.deep.equal(byReviewer);
    expect(typesOf({}, { rivals: [aRival()] })).to.deep.equal(byReviewer);
    expect(typesOf({}, { holders: [aHolder()] })).to.deep.equal(byReviewer);
  });

  it('leaves a claim to a reviewer when no rule matches it', () => {
    const [rule] = policy.automaticApprovals;
    for (const other of [
      { areas: ['business_applications'] },
      { products: ['teams'] },
      { maximumLines: 1 },
      { activities: ['presales'] },
    ]) {
      const changed: Policy = { ...policy, automaticApprovals: [{ ...rule!, ...other }] };
      expect(typesOf({}, { policy: changed }), JSON.stringify(other)).to.deep.equal(byReviewer);
    }
    const retired: Policy = {
      ...policy,
      statementTemplates: policy.statementTemplates.map((template) => ({ ...template, state: 'retired' })),
    };
    expect(typesOf({}, { policy: retired })).to.deep.equal(byReviewer);
  });

  it('leaves a resubmission to a reviewer', () => {
    const answered = [...upTo.action_required, anEvent('EvidenceAdded', { evidence: someEvidence({ evidenceId: 'evidence-2', cover }) })];
    const { events } = given(...answered).when(aCommand('submitClaim', {}), { at: times.resubmitted, policy });
    expect(events.map(({ type }) => type)).to.deep.equal(byReviewer);
  });
});
