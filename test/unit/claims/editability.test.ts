import { expect } from 'chai';
import { type ClaimDetails, consequencesOf, phases } from '#libs/claims/index.js';
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
  someFacts,
  times,
  upTo,
} from '../../support/claim-builders.js';
import { after, given } from '../../support/claim-specification.js';

const at = times.supplied;
const edit = (changes: Partial<ClaimDetails>) => aCommand('editClaim', { changes });
const correctedContacts = { ...aClaim().contacts, customer: aContact('person-new', 'contoso.example') };

/** Returns what an edit did to the claim, without additional notice recipients. */
const edits = ({ events, findings }: Pick<ReturnType<ReturnType<typeof given>['when']>, 'events' | 'findings'>) =>
  findings.length > 0 ? findings : events.filter(({ type }) => type !== 'NoticeRecipientAdded');

/** The table of domain.md 7, written by hand: a valid change of every field, and the phases that allow it. */
const beforeReview = ['draft', 'submitted', 'action_required'];
const fields: { changes: Partial<ClaimDetails>; phases: string[] }[] = [
  { changes: { programme: 'sample-ru' }, phases: ['draft'] },
  { changes: { tenantId: ids.otherTenant }, phases: ['draft'] },
  { changes: { domain: 'mail.contoso.example' }, phases: ['draft'] },
  { changes: { area: 'business_applications' }, phases: [] },
  { changes: { partnerId: '4012346' }, phases: beforeReview },
  { changes: { lines: [...aClaim().lines, aLine(3, 'sharepoint')] }, phases: beforeReview },
  { changes: { lines: [aLine(1, 'teams')] }, phases: beforeReview },
  { changes: { lines: [aLine(1, 'teams'), aLine(2, 'intune')] }, phases: beforeReview },
  { changes: { contacts: correctedContacts }, phases: [...beforeReview, 'consent_pending', 'official'] },
  { changes: { name: 'Other name' }, phases: beforeReview },
  { changes: { revenue: { personId: 'person-seller', missingFields: [] } }, phases: beforeReview },
  { changes: { transactionOn: '2026-02-01' }, phases: beforeReview },
  { changes: { isOptedOutOfIncentives: true }, phases: beforeReview },
  { changes: { externalReference: 'CRM-7' }, phases: beforeReview },
  { changes: { tags: ['q1'] }, phases: beforeReview },
];
const somethingIsEditable = [...beforeReview, 'consent_pending', 'official'];

describe('editing', () => {
  for (const phase of phases) {
    for (const { changes, phases: editable } of fields) {
      const [field] = Object.keys(changes);
      if (field === 'area' && phase === 'draft') continue;
      const isEditable = editable.includes(phase);
      it(`${isEditable ? 'changes' : 'locks'} ${JSON.stringify(changes).slice(0, 70)} while the claim is ${phase}`, () => {
        const outcome = given(...upTo[phase]).when(edit(changes), { at });
        if (isEditable) return expect(edits(outcome)).to.deep.equal([anEvent('ClaimEdited', { changes }, at)]);
        outcome.thenRefused(somethingIsEditable.includes(phase) ? 'field_locked' : 'not_editable_in_state');
        expect(outcome.findings[0]?.field).to.equal(field);
      });
    }
  }

  it('moves a draft to another area together with its products', () => {
    const { area, lines } = aSubscriptionClaim();
    given(...upTo.draft)
      .when(edit({ area, lines }), { at })
      .then(anEvent('ClaimEdited', { changes: { area, lines } }, at));
  });

  for (const phase of ['submitted', 'action_required'] as const) {
    it(`never changes the activities of a product once the claim is ${phase}`, () => {
      const lines = [aLine(1, 'teams', { activities: ['usage', 'presales'] }), aLine(2, 'exchange')];
      given(...upTo[phase])
        .when(edit({ lines }), { at })
        .thenFindings({ code: 'field_locked', severity: 'error', field: 'lines', line: 1 });
    });
  }

  it('does not revive a dropped line', () => {
    const dropped = anEvent('ClaimEdited', { changes: { lines: [aLine(1, 'teams')] } });
    given(...upTo.action_required, dropped)
      .when(edit({ lines: aClaim().lines }), { at })
      .thenFindings({ code: 'field_locked', severity: 'error', field: 'lines', line: 2 });
  });

  it('leaves an already rejected line unchanged', () => {
    const history = [...upTo.under_review, anEvent('LinesRejected', { lines: [1] }), anEvent('InformationRequested', { lines: [2] })];
    given(...history)
      .when(edit({ lines: [aLine(1, 'sharepoint'), aLine(2, 'exchange')] }), { at })
      .thenFindings({ code: 'field_locked', severity: 'error', field: 'lines', line: 1 });
    given(...history)
      .when(edit({ lines: [aLine(2, 'exchange')] }), { at })
      .thenFindings({ code: 'field_locked', severity: 'error', field: 'lines', line: 1 });
  });

  it('can change the products of lines in question while others wait for the customer', () => {
    const asked = [
      ...upTo.under_review,
      anEvent('LinesApproved', { lines: [1] }),
      anEvent('NoticeRequested', { lines: [1] }),
      anEvent('InformationRequested', { lines: [2] }),
    ];
    const changes = { lines: [aLine(1, 'teams'), aLine(3, 'sharepoint')] };
    given(...asked)
      .when(edit(changes), { at })
      .then(anEvent('ClaimEdited', { changes }, at));
    const state = after(asked, edit(changes), { at });
    expect(state.lines.map(({ line, phase }) => [line, phase])).to.deep.equal([
      [1, 'consent_pending'],
      [2, 'canceled'],
      [3, 'action_required'],
    ]);
  });

  it('follows the most restricted line for fields of the whole claim', () => {
    given(...upTo.submitted, anEvent('ReviewStarted', { lines: [1] }))
      .when(edit({ name: 'Other name' }), { at })
      .thenRefused('not_editable_in_state');
  });

  it('can correct an address even if another line was rejected', () => {
    const history = [...upTo.under_review, anEvent('LinesRejected', { lines: [1] }), anEvent('LinesApproved', { lines: [2] })];
    const failed = [...history, anEvent('NoticeRequested', { lines: [2] }), anEvent('NoticeFailed'), failedAtAdmin()];
    const { events } = given(...failed).when(edit({ contacts: correctedContacts }), { at });
    expect(events.map(({ type }) => type)).to.deep.equal(['ClaimEdited', 'NoticeRequested']);
  });
});

const failedAtAdmin = () => anEvent('NoticeFailed', { recipientId: 'recipient-admin' });

describe('an edit after submission', () => {
  it('must leave the claim valid for submission', () => {
    given(...upTo.submitted)
      .when(edit({ contacts: { ...aClaim().contacts, customer: null }, name: ' ' }), { at })
      .thenFindings(
        { code: 'claim_name_required', severity: 'error', field: 'name', line: null },
        { code: 'contact_incomplete', severity: 'error', field: 'contacts.customer.name', line: null },
        { code: 'contact_incomplete', severity: 'error', field: 'contacts.customer.title', line: null },
        { code: 'contact_incomplete', severity: 'error', field: 'contacts.customer.email', line: null },
      );
  });

  it('checks the enrolment of a new location', () => {
    given(...upTo.submitted)
      .when(edit({ partnerId: '4012346' }), { at, facts: someFacts({ location: { partnerId: '4012346', enrolledProgrammes: [] } }) })
      .thenFindings({ code: 'location_not_enrolled', severity: 'error', field: 'partnerId', line: null });
  });

  for (const phase of ['consent_pending', 'official'] as const) {
    it(`must leave a customer contact with an address while the claim is ${phase}`, () => {
      given(...upTo[phase])
        .when(edit({ contacts: { ...aClaim().contacts, customer: aContact('person-new', '', ['email']) } }), { at })
        .thenFindings({ code: 'contact_incomplete', severity: 'error', field: 'contacts.customer.email', line: null });
    });

    it(`cannot name a contact at an unverified mail domain while the claim is ${phase}, because no reviewer would see it`, () => {
      const foreignContact = (personId: string) => ({ ...aClaim().contacts, customer: aContact(personId, 'fabrikam.example') });
      given(...upTo[phase])
        .when(edit({ contacts: foreignContact('person-new') }), { at })
        .thenFindings({ code: 'contact_domain_mismatch', severity: 'error', field: 'contacts.customer.email', line: null });
      // A reviewer has already cleared this domain.
      const cleared = [...upTo[phase], anEvent('ClaimEdited', { changes: { contacts: foreignContact('person-cleared') } })];
      expect(given(...cleared).when(edit({ contacts: foreignContact('person-new') }), { at }).findings).to.deep.equal([]);
    });

    it(`is not refused for fields it does not touch while the claim is ${phase}`, () => {
      const facts = someFacts({ location: { isAgreementActive: false } });
      const outcome = given(...upTo[phase]).when(edit({ contacts: correctedContacts }), { at: '2027-06-01T12:00:00.000Z', facts });
      expect(edits(outcome)).to.deep.equal([
        anEvent('ClaimEdited', { changes: { contacts: correctedContacts } }, '2027-06-01T12:00:00.000Z'),
      ]);
    });
  }

  it('puts the claim on hold when the contact moves to an unverified mail domain', () => {
    const contacts = { ...aClaim().contacts, customer: aContact('person-foreign', 'fabrikam.example') };
    const state = after(upTo.submitted, edit({ contacts }), { at });
    expect(state.findings.map(({ code, severity }) => [code, severity])).to.deep.equal([['contact_domain_mismatch', 'hold']]);
  });

  it('puts an answer with an unverified contact on hold even if it is never resubmitted', () => {
    const contacts = { ...aClaim().contacts, customer: aContact('person-foreign', 'fabrikam.example') };
    const state = after(upTo.action_required, edit({ contacts }), { at });
    expect(state.findings.map(({ code, severity }) => [code, severity])).to.deep.equal([['contact_domain_mismatch', 'hold']]);
  });

  it('lifts the hold when the contact is corrected', () => {
    const hold = { code: 'contact_domain_mismatch', severity: 'hold' as const, field: 'contacts.customer.email', line: null, message: '' };
    const held = [...upTo.draft, anEvent('ClaimSubmitted', { findings: [hold] })];
    expect(after(held, edit({ contacts: correctedContacts }), { at }).findings).to.deep.equal([]);
  });

  it('fills in the subscription of an added product', () => {
    const details = aSubscriptionClaim();
    const only = { clocks: [aClock('K1', [1], times.submitted, 5)], lines: [1] };
    const finance = aSubscription({ subscriptionId: ids.financeSubscription, product: 'finance' });
    const facts = someFacts({ tenant: { subscriptions: [aSubscription(), finance] } });
    const added = aLine(2, 'finance', { activities: ['presales'] });
    given(anEvent('ClaimDrafted', { details }), anEvent('EvidenceAdded'), anEvent('ClaimSubmitted', only))
      .when(edit({ lines: [...details.lines, added] }), { at, facts })
      .then(anEvent('ClaimEdited', { changes: { lines: [...details.lines, { ...added, subscriptionId: ids.financeSubscription }] } }, at));
  });

  for (const [phase, clocks] of [
    ['submitted', ['K1', 'K3']],
    ['action_required', ['K4']],
  ] as const) {
    it(`puts an added product under the clocks of the lines it joins while the claim is ${phase}`, () => {
      const state = after(upTo[phase], edit({ lines: [...aClaim().lines, aLine(3, 'sharepoint')] }), { at });
      expect(state.clocks.map(({ clock, lines }) => [clock, lines])).to.deep.equal(clocks.map((clock) => [clock, [1, 2, 3]]));
    });
  }

  it('does not put an added product under a window that began without it', () => {
    const notified = [...upTo.submitted, anEvent('NoticeRequested'), anEvent('NoticeAccepted')];
    const state = after(notified, edit({ lines: [...aClaim().lines, aLine(3, 'sharepoint')] }), { at });
    expect(state.clocks.find(({ clock }) => clock === 'K5')?.lines).to.deep.equal([1, 2]);
    expect(state.lines[2]?.noticeId).to.equal(null);
  });

  describe('of a line’s product', () => {
    const notified = [...upTo.submitted, anEvent('NoticeRequested'), anEvent('NoticeAccepted')];
    const changed = edit({ lines: [aLine(1, 'sharepoint'), aLine(2, 'exchange')] });

    it('discards the notice, window and acceptance of the previous product', () => {
      const accepted = [...notified, anEvent('CustomerAccepted', {}, times.submitted)];
      const state = after(accepted, changed, { at });
      expect(state.lines.map(({ noticeId, acceptance }) => [noticeId, acceptance?.isTenantAdmin])).to.deep.equal([
        [null, undefined],
        ['notice-1', true],
      ]);
      expect(state.clocks.find(({ clock }) => clock === 'K5')?.lines).to.deep.equal([2]);
    });

    it('notifies the customer of the new product on approval', () => {
      const events = [...notified, ...given(...notified).when(changed, { at }).events];
      const approved = given(...events).when(aCommand('approveClaim', {}), { at }).events;
      const notices = approved.flatMap((event) => (event.type === 'NoticeRequested' ? [event.data.lines] : []));
      expect(notices).to.deep.equal([[1]]);
    });

    it('discards the decision between the rivals for the previous product', () => {
      const won = [...upTo.action_required, anEvent('RivalsDecided', { isWinner: true }, at)];
      expect(after(won, changed, { at }).lines.map(({ rivalry }) => rivalry)).to.deep.equal([null, null]);
    });

    it('warns the holder of the new product', () => {
      const sharepoint = `workload:${ids.tenant}:sharepoint`;
      const [edited] = given(...upTo.submitted).when(changed, { at, holders: [aHolder({ target: sharepoint })] }).events;
      expect(edited?.type === 'ClaimEdited' && edited.data.competing).to.deep.equal([
        { line: 1, target: sharepoint, holder: 'claim-2', rivals: [] },
      ]);
      expect(consequencesOf('claim-1', edited!).map(({ claimId, command }) => [claimId, command.type, command.body])).to.deep.equal([
        ['claim-2', 'warnHolder', { target: sharepoint, challenger: 'claim-1' }],
      ]);
    });
  });
});
