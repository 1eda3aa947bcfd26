import { expect } from 'chai';
import type { TargetInterval } from '#libs/read-models/index.js';
import { approve, bodyOf, untilWindowOpens } from '../support/claim-life.js';
import { formTokenOf, optOutByLink } from '../support/customer.js';
import { type Caller, fetchUntilAnswered } from '../support/caller.js';
import { PartnerCompany } from '../support/partner-company.js';
import type { Product } from '../support/product.js';
import { linkIn, Story } from '../support/story.js';
import { waitFor } from '../support/wait.js';

// Workloads of Microsoft 365 are never renewed, so the two partners compete for one of Business Applications, which is a subscription.
const tailwind = { tenantId: 'f3b7d1a4-6c0e-4a5b-9d27-81e6c4a9f052', domain: 'tailwind-bakeries.example', name: 'Tailwind Bakeries' };
const { tenantId, domain } = tailwind;
const sold = {
  subscriptionId: '0b9c6f2e-4d1a-4c83-8e57-2a6f90d3b714',
  product: 'business_central',
  family: 'dynamics',
  channel: 'volume_licensing',
  state: 'active',
  provisionedOn: '2026-12-01',
  endsOn: '2028-11-30',
};
const renewed = {
  ...sold,
  subscriptionId: 'c5e2a870-93bd-4f16-b1c4-7d08e6f5a239',
  provisionedOn: '2028-11-02',
  endsOn: '2029-11-30',
};
const target = `subscription:${sold.subscriptionId}`;
const renewedTarget = `subscription:${renewed.subscriptionId}`;
const contact = { name: 'Billie Moreau', title: 'Head of IT', email: `billie.moreau@${domain}` };

const claimOnIt = {
  tenantId,
  domain,
  area: 'business_applications',
  lines: [{ product: sold.product, subscriptionId: sold.subscriptionId, activities: ['usage'] }],
  contacts: { customer: contact },
};

interface AssociationEvent {
  type: string;
  associationId: string;
  at: string;
  endReason: string | null;
}

interface Rivalry {
  candidates: { claimId: string; legalName: string; isHolder: boolean; evidenceOn: string }[];
  order: { winner: string; step: string };
}

interface Access {
  at: string;
  kind: string;
  partner: { legalName: string };
  target: string;
  rows: number;
}

describe('a workload that two partners compete for', function () {
  this.timeout(60_000);
  this.slow(60_000);
  this.bail(true);
  let story: Story;
  let product: Product;
  let evergreen: PartnerCompany;
  let ironbridge: PartnerCompany;
  let customer: Caller;
  /** The two partners' claims and associations. */
  const claims = { evergreen: '', ironbridge: '' };
  const associations = { evergreen: '', ironbridge: '', renewal: '' };

  before(async () => {
    story = await Story.open(tailwind);
    ({ product } = story);
    evergreen = await PartnerCompany.open(product, 'Evergreen Cloud Consulting, Inc.', '52ae3f06-3584-4ea8-a1be-f5d3bd9dd94c', '1240371');
    ironbridge = await PartnerCompany.open(product, 'Ironbridge Systems LLC', 'a63c88ce-01ab-4367-a328-6ec63a60f30b', '48213');
    customer = await product.caller('billie', 'tenant_admin', { tenant: tenantId });
  });

  after(() => story?.product.close());

  /** The events about associations that the vendor's systems have read. */
  const handedOver = async () =>
    bodyOf(
      await product.vendorAdmin.get<{ items: AssociationEvent[] }>('/v1/events?types=association.official&types=association.ended'),
    ).items.map(({ type, associationId, at, endReason }) => [type, associationId, at, endReason] as const);

  const holders = async (of: string, query = '') =>
    bodyOf(await product.vendorAdmin.get<{ items: TargetInterval[] }>(`/v1/targets/${of}/history${query}`)).items;

  it('first gets one of them as partner of record, after five business days of silence', async () => {
    // Friday, 5 November 2027. Summer time ends on Sunday, and Thursday is Veterans Day.
    await story.setClock('2027-11-05T15:00:00.000Z');
    await story.importSubscriptions(sold);
    claims.evergreen = (await evergreen.submit(claimOnIt, '2027-10-20')).claimId;
    await approve(product, claims.evergreen);
    expect(await untilWindowOpens(product, claims.evergreen)).to.equal('2027-11-16T04:59:59.999Z');
    const { text } = await story.mailTo(contact.email, 'Evergreen Cloud Consulting, Inc. asks');
    expect(text).to.include('Silence means acceptance').and.include('Monday, 15 November 2027, 23:59 (America/New_York, UTC-05:00)');

    await story.setClock('2027-11-16T04:59:50.000Z');
    expect((await evergreen.line(claims.evergreen)).phase).to.equal('consent_pending');
    await story.setClock('2027-11-16T05:00:00.000Z');
    const official = await evergreen.untilOfficial(claims.evergreen);
    expect(official).to.deep.include({ target, from: '2027-11-16T05:00:00.000Z', to: null, endsOn: sold.endsOn });
    associations.evergreen = official.associationId;
  });

  it('shows its usage to the partner of record, from its first month on, and not to the other partner', async () => {
    await story.setClock('2027-12-15T15:00:00.000Z');
    await story.publishCalendarOf2028();

    await story.setClock('2028-01-10T15:00:00.000Z');
    await story.importUsage(sold, { '2027-10-01': 40, '2027-11-01': 55, '2027-12-01': 70 });
    expect(await evergreen.usage(associations.evergreen)).to.deep.equal({ '2027-11-01': 55, '2027-12-01': 70 });
    expect(await evergreen.exportedUsage()).to.deep.equal({ '2027-11-01': 55, '2027-12-01': 70 });
    expect(await ironbridge.usage(associations.evergreen)).to.equal('404 not_found');
    expect(await ironbridge.exportedUsage()).to.deep.equal({});
  });

  it('is claimed by the other partner, and the holder is warned without a name and heard before a decision', async () => {
    const rival = await ironbridge.submit(claimOnIt, '2027-12-20');
    claims.ironbridge = rival.claimId;
    const warning = await story.mailTo(evergreen.email, 'another claim competes with your association');
    expect(warning.text).to.include('You may add evidence until Tuesday, 18 January 2028, 23:59 (America/New_York, UTC-05:00)');
    const told = [warning.text, JSON.stringify(await evergreen.historyOf(claims.evergreen))];
    expect(told[1]).to.include('HolderWarned');
    for (const words of told) {
      for (const secret of ['Ironbridge', ironbridge.partnerId, ironbridge.accountId, rival.claimId, rival.number])
        expect(words).to.not.include(secret);
    }
    // Monday the 17th is a holiday in the calendar that the vendor has since published.
    const hearing = { dueAt: '2028-01-19T04:59:59.999Z', isOver: false };
    expect((await evergreen.line(claims.evergreen)).competition).to.deep.include({ hearing });
    expect(await story.sendAsReviewer(claims.ironbridge, 'decisions', { outcome: 'approve' })).to.equal('409 holder_not_heard');

    await story.setClock('2028-01-13T15:00:00.000Z');
    await evergreen.addEvidence(claims.evergreen, '2028-01-12');
    await story.setClock('2028-01-19T04:59:50.000Z');
    expect(await story.sendAsReviewer(claims.ironbridge, 'decisions', { outcome: 'approve' })).to.equal('409 holder_not_heard');
    await story.setClock('2028-01-19T15:00:00.000Z');
    const isHeard = async () => (await evergreen.line(claims.evergreen)).competition?.hearing?.isOver === true;
    await waitFor('the hearing to be over', isHeard);
    expect(await story.sendAsReviewer(claims.ironbridge, 'decisions', { outcome: 'approve' })).to.equal('409 decision_record_required');
  });

  it('lets the reviewer compare the two, and the customer choose through the link in its mail', async () => {
    const rivalry = async () =>
      bodyOf(await product.reviewer.get<{ items: Rivalry[] }>(`/v1/claims/${claims.ironbridge}/rivals`)).items[0]!;
    const { candidates, order } = await rivalry();
    expect(candidates.map(({ legalName, isHolder, evidenceOn }) => [legalName, isHolder, evidenceOn])).to.have.deep.members([
      [evergreen.name, true, '2028-01-12'],
      [ironbridge.name, false, '2027-12-20'],
    ]);
    expect(order).to.deep.equal({ winner: claims.evergreen, step: 'newest_evidence' });

    expect(await story.sendAsReviewer(claims.ironbridge, 'choices', { line: 1 })).to.equal('taken');
    const question = await story.mailTo(contact.email, 'Which partner do you want for Business Central');
    expect(question.text).to.include(evergreen.name).and.include(ironbridge.name);
    const link = linkIn(question);
    const { text: page } = (await fetchUntilAnswered(link)).response;
    const answer = new URLSearchParams({ formToken: formTokenOf(page), candidate: claims.ironbridge, reason: 'They trained our people.' });
    expect((await fetchUntilAnswered(link, { method: 'POST', body: answer })).response.status).to.equal(303);
    const chosen = { winner: claims.ironbridge, step: 'customer_choice' };
    await waitFor('the choice', async () => (await rivalry()).order.step === chosen.step);
    expect((await rivalry()).order).to.deep.equal(chosen);

    const comment = 'The customer has said whom it wants.';
    const other = { line: 1, winner: claims.evergreen, step: 'newest_evidence', comment };
    expect(await story.sendAsReviewer(claims.ironbridge, 'rival-decisions', other)).to.equal('409 decision_order');
    expect(await story.sendAsReviewer(claims.ironbridge, 'rival-decisions', { line: 1, ...chosen, comment })).to.equal('taken');
    const decision = async (partner: PartnerCompany, claimId: string) => (await partner.line(claimId)).competition!.decision;
    expect(await decision(ironbridge, claims.ironbridge)).to.deep.include({ step: 'customer_choice', isWinner: true });
    expect(await decision(evergreen, claims.evergreen)).to.deep.include({ step: 'customer_choice', isWinner: false });
  });

  it("passes to the winner at one instant, when the winner's own window has closed", async () => {
    expect(await story.sendAsReviewer(claims.ironbridge, 'decisions', { outcome: 'approve' })).to.equal('taken');
    const closesAt = async () => (await ironbridge.read(claims.ironbridge)).notices.at(-1)?.closesAt;
    await waitFor('the window to run', async () => typeof (await closesAt()) === 'string');
    expect(await closesAt()).to.equal('2028-01-27T04:59:59.999Z');
    await story.setClock('2028-01-27T04:59:50.000Z');
    expect(await evergreen.usage(associations.evergreen)).to.deep.equal({ '2027-11-01': 55, '2027-12-01': 70 });
    const instant = '2028-01-27T05:00:00.000Z';
    await story.setClock(instant);
    associations.ironbridge = (await ironbridge.untilOfficial(claims.ironbridge)).associationId;
    expect(await evergreen.usage(associations.evergreen)).to.equal('403 usage_ended');
    expect(await ironbridge.usage(associations.ironbridge)).to.deep.equal({});

    const told = await handedOver();
    expect(told[0]).to.deep.equal(['association.official', associations.evergreen, '2027-11-16T05:00:00.000Z', null]);
    expect(told.slice(1)).to.have.deep.members([
      ['association.ended', associations.evergreen, instant, 'superseded'],
      ['association.official', associations.ironbridge, instant, null],
    ]);
    expect((await holders(target)).map(({ associationId, from, to }) => [associationId, from, to])).to.deep.equal([
      [associations.evergreen, '2027-11-16T05:00:00.000Z', instant],
      [associations.ironbridge, instant, null],
    ]);
    const holderAt = async (at: string) => (await holders(target, `?at=${at}`)).map(({ associationId }) => associationId);
    expect(await holderAt('2028-01-27T04:59:59.999Z')).to.deep.equal([associations.evergreen]);
    expect(await holderAt(instant)).to.deep.equal([associations.ironbridge]);

    await story.setClock('2028-03-10T15:00:00.000Z');
    await story.importUsage(sold, { '2028-01-01': 80, '2028-02-01': 90 });
    expect(await ironbridge.usage(associations.ironbridge)).to.deep.equal({ '2028-01-01': 80, '2028-02-01': 90 });
    expect(await evergreen.usage(associations.evergreen)).to.equal('403 usage_ended');
  });

  it('is carried over to the renewed subscription a year later, with a new notice and window', async () => {
    /** The letters about the end: how many days ahead, and whether they mention the renewal. */
    const warnings = async () => {
      const mails = (await product.mails(ironbridge.email)).filter(({ subject }) => subject.includes('ends on 30 November 2028'));
      const texts = await Promise.all(mails.map(async ({ id }) => (await product.mail(id)).text));
      const told = texts.map((text): [number, boolean] => [
        Number(/in (\d+) days?\./.exec(text)?.[1]),
        text.includes(renewed.subscriptionId),
      ]);
      return told.sort(([a], [b]) => b - a);
    };
    const untilWarned = async (...expected: [days: number, namesRenewal: boolean][]) => {
      await waitFor(`${expected.length} letters about the end`, async () => (await warnings()).length === expected.length);
      expect(await warnings()).to.deep.equal(expected);
    };
    await story.setClock('2028-11-01T03:59:50.000Z');
    expect(await warnings()).to.deep.equal([]);
    await story.setClock('2028-11-01T04:00:00.000Z');
    await untilWarned([30, false]);

    // Friday, 3 November 2028: again summer time ends on Sunday, and Veterans Day is observed a day early, on the Friday after.
    await story.setClock('2028-11-03T14:00:00.000Z');
    await story.importSubscriptions({ ...sold, successorId: renewed.subscriptionId }, renewed);
    bodyOf(await product.operator.post(`/v1/claims/${claims.ironbridge}/association-checks`, {}));
    const notice = async () => (await ironbridge.read(claims.ironbridge)).notices[1];
    await waitFor('the window of the renewal to run', async () => typeof (await notice())?.closesAt === 'string');
    expect(await notice()).to.deep.include({ lines: [2], closesAt: '2028-11-14T04:59:59.999Z' });
    await story.setClock('2028-11-14T04:59:50.000Z');
    expect((await ironbridge.line(claims.ironbridge, 2)).phase).to.equal('consent_pending');
    await story.setClock('2028-11-14T05:00:00.000Z');
    const renewal = await ironbridge.untilOfficial(claims.ironbridge, 2);
    expect(renewal).to.deep.include({ from: '2028-11-14T05:00:00.000Z', target: renewedTarget });
    associations.renewal = renewal.associationId;

    // The old subscription continues to its last day.
    await story.setClock('2028-11-24T05:00:00.000Z');
    await untilWarned([30, false], [7, true]);
    await story.setClock('2028-11-30T05:00:00.000Z');
    await untilWarned([30, false], [7, true], [1, true]);
    await story.setClock('2028-12-01T05:00:00.000Z');
    const before = async () => (await ironbridge.line(claims.ironbridge)).association!;
    await waitFor('the association of before to end', async () => (await before()).to !== null);
    expect(await before()).to.deep.include({ to: '2028-12-01T04:59:59.999Z', endReason: 'subscription_ended' });
    expect(await ironbridge.usage(associations.ironbridge)).to.equal('403 usage_ended');
  });

  it('is ended by the customer through a mail link, which ends the partner’s access at the same instant', async () => {
    await story.setClock('2029-02-05T15:00:00.000Z');
    await story.importUsage(renewed, { '2028-10-01': 5, '2028-11-01': 95, '2028-12-01': 98, '2029-01-01': 99 });
    const read = { '2028-11-01': 95, '2028-12-01': 98, '2029-01-01': 99 };
    expect(await ironbridge.usage(associations.renewal)).to.deep.equal(read);
    expect(await ironbridge.exportedUsage()).to.deep.equal(read);

    // The mailbox lists the newest mail first: the customer uses the one from before the renewal.
    const mail = (await product.mails(contact.email)).findLast(({ subject }) => subject.includes(`${ironbridge.name} asks`));
    await optOutByLink(linkIn(await product.mail(mail!.id)));
    // At once, whether or not the end is recorded yet.
    expect(await ironbridge.usage(associations.renewal)).to.equal('403 usage_ended');
    expect(await ironbridge.exportedUsage()).to.deep.equal({});
    const ended = async () => (await ironbridge.line(claims.ironbridge, 2)).association!;
    await waitFor('the end to be recorded', async () => (await ended()).to !== null);
    const { to, endReason } = await ended();
    expect([to!.slice(0, 10), endReason]).to.deep.equal(['2029-02-05', 'customer_revoked']);
    expect(await ironbridge.usage(associations.renewal)).to.equal('403 usage_ended');
    expect((await handedOver()).at(-1)).to.deep.equal(['association.ended', associations.renewal, to, 'customer_revoked']);
    const [renewal] = await holders(renewedTarget);
    expect([renewal!.from, renewal!.to, renewal!.because.renews]).to.deep.equal(['2028-11-14T05:00:00.000Z', to, 1]);
    const receipt = async () =>
      (await product.mails(contact.email)).filter(({ subject }) => subject.includes(`${ironbridge.name} has ended`));
    // One for the old subscription, one for what the customer has just done.
    await waitFor('the receipt', async () => (await receipt()).length === 2);
  });

  it('leaves a log that the customer can read, and chains that are intact', async () => {
    const { items } = bodyOf(await customer.get<{ items: Access[] }>(`/v1/tenants/${tenantId}/accesses`));
    const told = items.map(({ at, kind, partner, target: read, rows }) => [at.slice(0, 10), partner.legalName, kind, read, rows]);
    expect(told.reverse()).to.deep.equal([
      ['2028-01-10', evergreen.name, 'read', target, 2],
      ['2028-01-10', evergreen.name, 'export', target, 2],
      ['2028-01-27', evergreen.name, 'read', target, 2],
      ['2028-01-27', evergreen.name, 'refused', target, 0],
      ['2028-01-27', ironbridge.name, 'read', target, 0],
      ['2028-03-10', ironbridge.name, 'read', target, 2],
      ['2028-03-10', evergreen.name, 'refused', target, 0],
      ['2028-12-01', ironbridge.name, 'refused', target, 0],
      ['2029-02-05', ironbridge.name, 'read', renewedTarget, 3],
      ['2029-02-05', ironbridge.name, 'export', renewedTarget, 3],
      ['2029-02-05', ironbridge.name, 'refused', renewedTarget, 0],
      ['2029-02-05', ironbridge.name, 'refused', renewedTarget, 0],
    ]);
    const { exitCode, output } = await product.cpor('verify');
    expect(exitCode, output).to.equal(0);
    expect(output)
      .to.include('events of 2 claims: every chain is intact')
      .and.include('12 entries of 1 access logs: every chain is intact');
    expect((await product.mails()).every(({ deliveries }) => deliveries === 1)).to.equal(true);
  });
});
