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

describe('Approval by rule', () => {
  it('approves a claim on a registered template, and names the rule', () => {
    const { events } = submitted();
    expect(events.map(({ type, by }) => [type, by.kind])).to.deep.equal([
      ['ClaimSubmitted', 'partner'],
      ['ReviewStarted', 'system'],
      ['LinesApproved', 'system'],
      ['NoticeRequested', 'system'],
    ]);
    expect(events.flatMap((event) => (event.type === 'LinesApproved' ? [event.data.rule] : []))).to.deep.equal(['standard_usage']);
  });

  it('approves where the customer is told at the submission, too, and tells it once', () => {
    const told = ['ClaimSubmitted', 'NoticeRequested', 'ReviewStarted', 'LinesApproved'];
    expect(typesOf({}, { policy: { ...policy, noticeTiming: 'on_submit' } })).to.deep.equal(told);
  });

  it('leaves a claim to a reviewer when anything of the template differs', () => {
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

  it('leaves a claim to a reviewer when it is held, or competes', () => {
    const strange = aClaim({ contacts: { ...aClaim().contacts, customer: aContact('person-customer', 'fabrikam.example') } });
    expect(typesOf({}, {}, strange)).to.deep.equal(byReviewer);
    expect(typesOf({}, { rivals: [aRival()] })).to.deep.equal(byReviewer);
    expect(typesOf({}, { holders: [aHolder()] })).to.deep.equal(byReviewer);
  });

  it('leaves a claim to a reviewer that the rule is not made for', () => {
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
    const retired: Policy = { ...policy, statementTemplates: policy.statementTemplates.map((one) => ({ ...one, state: 'retired' })) };
    expect(typesOf({}, { policy: retired })).to.deep.equal(byReviewer);
  });

  it('leaves to the reviewer what the reviewer has asked about', () => {
    const answered = [...upTo.action_required, anEvent('EvidenceAdded', { evidence: someEvidence({ evidenceId: 'evidence-2', cover }) })];
    const { events } = given(...answered).when(aCommand('submitClaim', {}), { at: times.resubmitted, policy });
    expect(events.map(({ type }) => type)).to.deep.equal(byReviewer);
  });
});
