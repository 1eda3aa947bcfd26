import { expect } from 'chai';
import { type ClaimEvent, type DirectoryFacts, fold, type UnusableRecord } from '#libs/claims/index.js';
import {
  aCommand,
  anEvent,
  aSubscription,
  aSubscriptionClaim,
  ids,
  officialLine,
  someFacts,
  times,
  upTo,
} from '../../support/claim-builders.js';
import { expireUntil, given } from '../../support/claim-specification.js';

const why = 'isPublicSector: expected boolean';
const fault = (record: UnusableRecord['record'], more: Partial<UnusableRecord> = {}): UnusableRecord => ({
  record,
  id: null,
  product: null,
  why,
  ...more,
});
const withFault = (facts: DirectoryFacts, ...unusable: UnusableRecord[]): DirectoryFacts => ({ ...facts, unusable });
const noTenant = withFault(someFacts({ tenant: null }), fault('tenant'));
const noLocation = withFault(someFacts({ location: null }), fault('location'));
const noSubscription = withFault(
  someFacts({ tenant: { subscriptions: [] }, identifiers: {} }),
  fault('subscription', { id: ids.salesSubscription, product: 'sales' }),
  fault('identifier', { id: ids.salesSubscription }),
);
const sales = `subscription:${ids.salesSubscription}`;
const draftOf = (details = {}): ClaimEvent[] => [anEvent('ClaimDrafted', details), anEvent('EvidenceAdded')];
const submit = aCommand('submitClaim', {});

describe('an unusable directory record', () => {
  it('blocks a submission with its own code, not as a missing record', () => {
    for (const [facts, field, what] of [
      [noTenant, 'tenantId', 'this tenant'],
      [noLocation, 'partnerId', 'this location'],
    ] as const) {
      const { findings } = given(...draftOf()).when(submit, { facts });
      const message = `The directory's record of ${what} cannot be used: ${why}. The vendor must correct it; try again afterwards.`;
      expect(findings).to.deep.equal([{ code: 'directory_record_unusable', severity: 'error', field, line: null, message }]);
    }
  });

  it('of a subscription blocks every line that names it or could mean it', () => {
    const codes = (line: Parameters<typeof aSubscriptionClaim>[0]) =>
      given(...draftOf({ details: aSubscriptionClaim(line) }))
        .when(submit, { facts: noSubscription })
        .findings?.map(({ code, line: number }) => [code, number]);
    expect(codes({})).to.deep.equal([['directory_record_unusable', 1]]);
    expect(codes({ subscriptionId: null })).to.deep.equal([['directory_record_unusable', 1]]);
  });

  it('of another product of the tenant has no effect', () => {
    const facts = withFault(someFacts(), fault('subscription', { id: ids.financeSubscription, product: 'finance' }));
    expect(given(...draftOf({ details: aSubscriptionClaim({ subscriptionId: null }) })).when(submit, { facts }).findings).to.deep.equal([]);
  });

  it('does not prevent a draft from being saved', () => {
    expect(given(...draftOf()).when(aCommand('editClaim', { changes: { name: 'Another' } }), { facts: noTenant }).findings).to.deep.equal(
      [],
    );
  });

  it('blocks an approval', () => {
    given(...upTo.under_review)
      .when(aCommand('approveClaim', {}), { facts: noTenant })
      .thenRefused('directory_record_unusable');
  });

  it('holds lines at the end of the window until it is corrected and a reviewer clears them', () => {
    const { events } = given(...upTo.consent_pending).whenTimePasses(times.later, { facts: noTenant });
    expect(events.map(({ type, data }) => [type, 'lines' in data && data.lines])).to.deep.equal([['LinesHeld', [1, 2]]]);
    given(...upTo.consent_pending, ...events)
      .when(aCommand('clearHold', {}), { facts: noTenant })
      .thenRefused('hold_not_cleared');
    expect(
      given(...upTo.consent_pending, ...events)
        .when(aCommand('clearHold', {}))
        .events.map(({ type }) => type),
    ).to.deep.equal(['LinesMadeOfficial']);
  });

  const official = (): ClaimEvent[] => [
    ...draftOf({ details: aSubscriptionClaim() }),
    anEvent('ClaimSubmitted', { lines: [1], clocks: [] }),
    anEvent('LinesApproved', { lines: [1] }),
    anEvent('NoticeRequested', { lines: [1] }),
    anEvent('NoticeAccepted', { clocks: [] }),
    anEvent('LinesMadeOfficial', { lines: [officialLine(1, 'association-1', sales, { activities: ['presales'] })], clocks: [] }),
    anEvent('AssociationChecked', { lines: [1], isEligible: true, endsOn: '2026-12-31', clocks: [] }, times.official),
  ];

  for (const [record, facts] of [
    ['subscription', noSubscription],
    ['location', withFault(someFacts({ location: null }), fault('location'))],
  ] as const) {
    it(`of the ${record} ends no association, is reported, and is read again the next day`, () => {
      const { events } = given(...official()).when(aCommand('checkAssociation', {}), { facts });
      expect(events.map(({ type }) => type)).to.deep.equal(['AssociationChecked']);
      const [checked] = events;
      const data = checked?.type === 'AssociationChecked' ? checked.data : undefined;
      expect(data).to.deep.include({ lines: [1], isEligible: true, endsOn: '2026-12-31' });
      expect(data?.fault).to.contain(why);
      expect(data?.clocks.map(({ deadline }) => deadline.dueAtLocal.slice(0, 10))).to.deep.equal(['2026-03-21']);
      const further = expireUntil(fold([...official(), ...events]), '2026-03-24T12:00:00.000Z', { facts });
      expect(further.map(({ type }) => type)).to.deep.equal(['AssociationChecked', 'AssociationChecked', 'AssociationChecked']);
    });
  }

  it('of a tenant does not break the check of a renewed subscription', () => {
    const renewed = aSubscription({ successorId: ids.secondSalesSubscription });
    const facts = withFault(
      someFacts({ tenant: null, identifiers: { [ids.salesSubscription]: { kind: 'subscription', subscription: renewed } } }),
      fault('tenant'),
    );
    const { events } = given(...official()).when(aCommand('checkAssociation', {}), { facts });
    expect(events.map(({ type }) => type)).not.to.include('LineCarriedOver');
  });

  it('is only a warning if its fault could be corrected', () => {
    const facts = {
      ...someFacts(),
      remarks: [{ record: 'tenant' as const, what: 'administrator 2 of 3 has no mail address that can be used and gets no notices' }],
    };
    const { events } = given(...draftOf()).when(submit, { facts });
    const [submitted] = events;
    expect(submitted?.type === 'ClaimSubmitted' && submitted.data.findings).to.deep.equal([
      {
        code: 'directory_record_faulty',
        severity: 'warning',
        field: 'tenantId',
        line: null,
        message:
          "The directory's record of this tenant has a fault: administrator 2 of 3 has no mail address that can be used and gets no notices.",
      },
    ]);
  });
});
