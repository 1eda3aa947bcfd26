import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { HistoryEntry, TargetInterval } from '#libs/read-models/index.js';
import { approve, readClaim, taken, untilTold } from '../support/claim-life.js';
import type { Caller } from '../support/caller.js';
import { formTokenOf, openPage, optOutByLink } from '../support/customer.js';
import { fetchUntilAnswered } from '../support/caller.js';
import { PartnerCompany } from '../support/partner-company.js';
import { type Mail, type Product, startProduct } from '../support/product.js';
import { csvOf } from '../support/usage.js';
import { waitFor } from '../support/wait.js';

// A workload of Microsoft 365 is never renewed. What two partners contend for here is one of Business Applications: it is a subscription.
const tenantId = 'f3b7d1a4-6c0e-4a5b-9d27-81e6c4a9f052';
const domain = 'tailwind-bakeries.example';
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
const contact = { name: 'Billie Moreau', title: 'Head of IT', email: `billie.moreau@${domain}` };

const claimOnIt = {
  tenantId,
  domain,
  area: 'business_applications',
  lines: [{ product: sold.product, subscriptionId: sold.subscriptionId, activities: ['usage'] }],
  contacts: { customer: contact },
};

const holidaysOf2028 = {
  "Martin Luther King's birthday": '2028-01-17',
  "Washington's birthday": '2028-02-21',
  'Memorial Day': '2028-05-29',
  Juneteenth: '2028-06-19',
  'Independence Day': '2028-07-04',
  'Labor Day': '2028-09-04',
  'Columbus Day': '2028-10-09',
  'Veterans Day': '2028-11-10',
  'Thanksgiving Day': '2028-11-23',
  'Christmas Day': '2028-12-25',
};

describe('two partners, one workload and its customer', function () {
  this.timeout(60_000);
  this.slow(60_000);
  this.bail(true);
  let product: Product;
  let evergreen: PartnerCompany;
  let ironbridge: PartnerCompany;
  let customer: Caller;
  /** Claims and associations of the two, as the story makes them. */
  const claims = { evergreen: '', ironbridge: '' };
  const associations = { evergreen: '', ironbridge: '', renewal: '' };

  before(async () => {
    product = await startProduct();
    evergreen = await PartnerCompany.open(product, 'Evergreen Cloud Consulting, Inc.', '52ae3f06-3584-4ea8-a1be-f5d3bd9dd94c', '1240371');
    ironbridge = await PartnerCompany.open(product, 'Ironbridge Systems LLC', 'a63c88ce-01ab-4367-a328-6ec63a60f30b', '48213');
    customer = await product.caller('billie', 'tenant_admin', { tenant: tenantId });
  });

  after(() => product?.close());

  const itBecomes = async (to: string) => taken(await product.operator.post('/v1/sandbox/clock/advances', { to }));

  /** Tells the directory what the customer has bought, as an operator does. */
  async function directoryKnows(...subscriptions: object[]): Promise<void> {
    const admins = [{ adminId: '2d8e5b61-7f30-4c92-a0d4-59b1c7e3f846', name: 'Billie Moreau', email: `admin@${domain}` }];
    const tenant = { tenantId, name: 'Tailwind Bakeries', country: 'US', language: 'en', domains: [domain], admins, subscriptions };
    const file = join(product.stack.dataDirectory, 'directory.json');
    await writeFile(file, JSON.stringify({ accounts: [], tenants: [tenant] }));
    const { exitCode, output } = await product.cpor('directory', 'import', file);
    expect(exitCode, output).to.equal(0);
  }

  /** Imports the vendor's monthly figures: so many active users of a subscription in each month. */
  async function vendorReports({ subscriptionId }: typeof sold, usersByMonth: Record<string, number>): Promise<void> {
    const rows = Object.entries(usersByMonth).map(([month, users]) => ({
      CustomerTenantId: tenantId,
      SubscriptionId: subscriptionId,
      MetricType: 'MAU',
      WorkloadCategory: 'Business Central',
      SKUGroup: 'Essentials',
      MAU: users,
      Date: month,
    }));
    const file = new Blob([csvOf(rows)], { type: 'text/csv' });
    const imported = await product.vendorAdmin.post('/v1/usage/imports?set=business_applications_usage', file);
    expect(taken(imported)).to.deep.include({ state: 'published', rowsRefused: 0 });
  }

  /** The mail to an address whose subject says this, with its text and links. */
  async function mailTo(address: string, subject: string): Promise<Mail & { text: string; links: string[] }> {
    const found = async () => (await product.mails(address)).filter((mail) => mail.subject.includes(subject));
    await waitFor(`a mail to ${address}: ${subject}`, async () => (await found()).length === 1);
    return product.mail((await found())[0]!.id);
  }

  const linkIn = ({ links }: { links: string[] }): string => links.find((one) => new URL(one).pathname.startsWith('/n/'))!;
  const lineOf = async (partner: PartnerCompany, claimId: string, line = 1) => (await partner.read(claimId)).lines[line - 1]!;
  const untilOfficial = async (partner: PartnerCompany, claimId: string, line = 1) => {
    const phase = async () => (await lineOf(partner, claimId, line)).phase;
    await waitFor(`line ${line} to be official`, async () => (await phase()) === 'official');
    return (await lineOf(partner, claimId, line)).association!;
  };
  const historyOf = async (caller: Caller, claimId: string) =>
    taken(await caller.get<{ items: HistoryEntry[] }>(`/v1/claims/${claimId}/history?limit=100`)).items;

  /** What the reviewer asks for about a claim that nobody changed meanwhile, and how it is answered. */
  async function reviewer(claimId: string, noun: string, body: object) {
    const { etag } = await readClaim(product.reviewer, claimId);
    const { status, body: answered } = await product.reviewer.post<{ code?: string }>(`/v1/claims/${claimId}/${noun}`, body, {
      'if-match': etag,
    });
    return status === 200 ? 'taken' : `${status} ${answered.code}`;
  }

  it('begin with one of them, which the silence of five business days makes partner of record', async () => {
    // Friday, 5 November 2027. Summer time ends on Sunday, and Thursday is Veterans Day.
    await itBecomes('2027-11-05T15:00:00.000Z');
    await directoryKnows(sold);
    claims.evergreen = (await evergreen.submits(claimOnIt, '2027-10-20')).claimId;
    await approve(product, claims.evergreen);
    expect(await untilTold(product, claims.evergreen)).to.equal('2027-11-16T04:59:59.999Z');
    const { text } = await mailTo(contact.email, 'Evergreen Cloud Consulting, Inc. asks');
    expect(text).to.include('Silence means acceptance').and.include('Monday, 15 November 2027, 23:59 (America/New_York, UTC-05:00)');

    await itBecomes('2027-11-16T04:59:58.000Z');
    expect((await lineOf(evergreen, claims.evergreen)).phase).to.equal('consent_pending');
    await itBecomes('2027-11-16T05:00:00.000Z');
    const official = await untilOfficial(evergreen, claims.evergreen);
    expect(official).to.deep.include({ target, from: '2027-11-16T05:00:00.000Z', to: null });
    associations.evergreen = official.associationId;
  });

  it('goes on with usage that the partner of record sees from its own month on, and the other one not at all', async () => {
    await itBecomes('2027-12-15T15:00:00.000Z');
    const calendar = '/v1/calendars/us-federal';
    const { etag, body } = await product.vendorAdmin.get<object>(`${calendar}/versions/1`);
    const holidays = Object.entries(holidaysOf2028).map(([name, on]) => ({ on, name }));
    const next = { effectiveFrom: '2028-01-01', coversFrom: '2028-01-01', coversThrough: '2028-12-31', holidays };
    taken(await product.vendorAdmin.put(calendar, { ...body, ...next, version: 2 }, etag ?? '"1"'));

    await itBecomes('2028-01-10T15:00:00.000Z');
    await vendorReports(sold, { '2027-10-01': 40, '2027-11-01': 55, '2027-12-01': 70 });
    expect(await evergreen.usage(associations.evergreen)).to.deep.equal({ '2027-11-01': 55, '2027-12-01': 70 });
    expect(await evergreen.exportedUsage()).to.deep.equal({ '2027-11-01': 55, '2027-12-01': 70 });
    expect(await ironbridge.usage(associations.evergreen)).to.equal('404 not_found');
    expect(await ironbridge.exportedUsage()).to.deep.equal({});
  });

  it('sees the other claim the same, of which the holder is told, not by whom, and heard before anything is decided', async () => {
    const rival = await ironbridge.submits(claimOnIt, '2027-12-20');
    claims.ironbridge = rival.claimId;
    const warning = await mailTo(evergreen.email, 'a claim competes with your association');
    expect(warning.text).to.include('You may add evidence until Tuesday, 18 January 2028, 23:59 (America/New_York, UTC-05:00)');
    const told = [warning.text, JSON.stringify(await historyOf(evergreen.claims, claims.evergreen))];
    expect(told[1]).to.include('HolderWarned');
    for (const words of told) {
      for (const secret of ['Ironbridge', ironbridge.partnerId, ironbridge.accountId, rival.claimId, rival.number])
        expect(words).to.not.include(secret);
    }
    // Monday the 17th is a holiday, by the calendar that the vendor has published meanwhile.
    const hearing = { dueAt: '2028-01-19T04:59:59.999Z', isOver: false };
    expect((await lineOf(evergreen, claims.evergreen)).competition).to.deep.include({ hearing });
    expect(await reviewer(claims.ironbridge, 'decisions', { outcome: 'approve' })).to.equal('409 holder_not_heard');

    await itBecomes('2028-01-13T15:00:00.000Z');
    await evergreen.addsEvidence(claims.evergreen, '2028-01-12');
    await itBecomes('2028-01-19T04:59:58.000Z');
    expect(await reviewer(claims.ironbridge, 'decisions', { outcome: 'approve' })).to.equal('409 holder_not_heard');
    await itBecomes('2028-01-19T15:00:00.000Z');
    const isHeard = async () => (await lineOf(evergreen, claims.evergreen)).competition?.hearing?.isOver === true;
    await waitFor('the hearing to be over', isHeard);
    expect(await reviewer(claims.ironbridge, 'decisions', { outcome: 'approve' })).to.equal('409 decision_record_required');
  });

  it('is compared side by side, and the customer chooses by the link in its mail', async () => {
    interface Rivalry {
      candidates: { claimId: string; legalName: string; isHolder: boolean; evidenceOn: string }[];
      order: object;
    }
    const rivalry = async () => taken(await product.reviewer.get<{ items: Rivalry[] }>(`/v1/claims/${claims.ironbridge}/rivals`)).items[0]!;
    const { candidates, order } = await rivalry();
    expect(candidates.map(({ legalName, isHolder, evidenceOn }) => [legalName, isHolder, evidenceOn])).to.have.deep.members([
      [evergreen.name, true, '2028-01-12'],
      [ironbridge.name, false, '2027-12-20'],
    ]);
    expect(order).to.deep.equal({ winner: claims.evergreen, step: 'newest_evidence' });

    expect(await reviewer(claims.ironbridge, 'choices', { line: 1 })).to.equal('taken');
    const question = await mailTo(contact.email, 'Which partner do you want for Business Central');
    expect(question.text).to.include(`${evergreen.name}`).and.include(ironbridge.name);
    const link = linkIn(question);
    const { text: page } = (await fetchUntilAnswered(link)).response;
    const answer = new URLSearchParams({ formToken: formTokenOf(page), candidate: claims.ironbridge, reason: 'They trained our people.' });
    expect((await fetchUntilAnswered(link, { method: 'POST', body: answer })).response.status).to.equal(303);
    const chosen = { winner: claims.ironbridge, step: 'customer_choice' };
    await waitFor(
      'the choice',
      async () => (await rivalry()).order.hasOwnProperty('winner') && JSON.stringify((await rivalry()).order) === JSON.stringify(chosen),
    );

    const comment = 'The customer has said whom it wants.';
    const other = { line: 1, winner: claims.evergreen, step: 'newest_evidence', comment };
    expect(await reviewer(claims.ironbridge, 'rival-decisions', other)).to.equal('409 decision_order');
    expect(await reviewer(claims.ironbridge, 'rival-decisions', { line: 1, ...chosen, comment })).to.equal('taken');
    const decision = async (partner: PartnerCompany, claimId: string) => (await lineOf(partner, claimId)).competition!.decision;
    expect(await decision(ironbridge, claims.ironbridge)).to.deep.include({ step: 'customer_choice', isWinner: true });
    expect(await decision(evergreen, claims.evergreen)).to.deep.include({ step: 'customer_choice', isWinner: false });
  });

  it("passes on at one instant, when the winner's own window has closed", async () => {
    expect(await reviewer(claims.ironbridge, 'decisions', { outcome: 'approve' })).to.equal('taken');
    const closesAt = async () => (await ironbridge.read(claims.ironbridge)).notices.at(-1)?.closesAt;
    await waitFor('the window to run', async () => typeof (await closesAt()) === 'string');
    expect(await closesAt()).to.equal('2028-01-27T04:59:59.999Z');
    await itBecomes('2028-01-27T04:59:58.000Z');
    expect(await evergreen.usage(associations.evergreen)).to.deep.equal({ '2027-11-01': 55, '2027-12-01': 70 });
    const instant = '2028-01-27T05:00:00.000Z';
    await itBecomes(instant);
    associations.ironbridge = (await untilOfficial(ironbridge, claims.ironbridge)).associationId;
    expect(await evergreen.usage(associations.evergreen)).to.equal('403 usage_ended');
    expect(await ironbridge.usage(associations.ironbridge)).to.deep.equal({});

    interface AssociationEvent {
      type: string;
      associationId: string;
      at: string;
      endReason: string | null;
    }
    const events = taken(await product.vendorAdmin.get<{ items: AssociationEvent[] }>('/v1/events')).items;
    const told = events.map(({ type, associationId, at, endReason }) => [type, associationId, at, endReason]);
    expect(told[0]).to.deep.equal(['association.official', associations.evergreen, '2027-11-16T05:00:00.000Z', null]);
    expect(told.slice(1)).to.have.deep.members([
      ['association.ended', associations.evergreen, instant, 'superseded'],
      ['association.official', associations.ironbridge, instant, null],
    ]);
    const holders = async (query = '') =>
      taken(await product.vendorAdmin.get<{ items: TargetInterval[] }>(`/v1/targets/${target}/history${query}`)).items;
    expect((await holders()).map(({ associationId, from, to }) => [associationId, from, to])).to.deep.equal([
      [associations.evergreen, '2027-11-16T05:00:00.000Z', instant],
      [associations.ironbridge, instant, null],
    ]);
    const holderAt = async (at: string) => (await holders(`?at=${at}`)).map(({ associationId }) => associationId);
    expect(await holderAt('2028-01-27T04:59:59.999Z')).to.deep.equal([associations.evergreen]);
    expect(await holderAt(instant)).to.deep.equal([associations.ironbridge]);

    await itBecomes('2028-03-10T15:00:00.000Z');
    await vendorReports(sold, { '2028-01-01': 80, '2028-02-01': 90 });
    expect(await ironbridge.usage(associations.ironbridge)).to.deep.equal({ '2028-01-01': 80, '2028-02-01': 90 });
    expect(await evergreen.usage(associations.evergreen)).to.equal('403 usage_ended');
  });

  it('is carried over, a year later, to the renewed subscription by a notice and a window of its own', async () => {
    const daysLeft = async () => {
      const mails = (await product.mails(ironbridge.email)).filter(({ subject }) => subject.includes('ends on 30 November 2028'));
      const texts = await Promise.all(mails.map(async ({ id }) => (await product.mail(id)).text));
      return texts.map((text) => Number(/days left: (\d+)/.exec(text)?.[1])).sort((a, b) => b - a);
    };
    const untilWarned = async (...days: number[]) => {
      await waitFor(`the notice ${days.at(-1)} days before`, async () => (await daysLeft()).length === days.length);
      expect(await daysLeft()).to.deep.equal(days);
    };
    await itBecomes('2028-11-01T03:59:58.000Z');
    expect(await daysLeft()).to.deep.equal([]);
    await itBecomes('2028-11-01T04:00:00.000Z');
    await untilWarned(30);

    // Friday, 3 November 2028: once more summer time ends on Sunday, and Veterans Day is kept on Friday, a day early.
    await itBecomes('2028-11-03T14:00:00.000Z');
    await directoryKnows({ ...sold, successorId: renewed.subscriptionId }, renewed);
    taken(await product.operator.post(`/v1/claims/${claims.ironbridge}/association-checks`, {}));
    const notice = async () => (await ironbridge.read(claims.ironbridge)).notices[1];
    await waitFor('the window of the renewal to run', async () => typeof (await notice())?.closesAt === 'string');
    expect(await notice()).to.deep.include({ lines: [2], closesAt: '2028-11-14T04:59:59.999Z' });
    await itBecomes('2028-11-14T04:59:58.000Z');
    expect((await lineOf(ironbridge, claims.ironbridge, 2)).phase).to.equal('consent_pending');
    await itBecomes('2028-11-14T05:00:00.000Z');
    const renewal = await untilOfficial(ironbridge, claims.ironbridge, 2);
    expect(renewal).to.deep.include({ from: '2028-11-14T05:00:00.000Z', target: `subscription:${renewed.subscriptionId}` });
    associations.renewal = renewal.associationId;

    // The subscription of before goes on to its last day.
    await itBecomes('2028-11-24T05:00:00.000Z');
    await untilWarned(30, 7);
    await itBecomes('2028-11-30T05:00:00.000Z');
    await untilWarned(30, 7, 1);
    await itBecomes('2028-12-01T05:00:00.000Z');
    const before = async () => (await lineOf(ironbridge, claims.ironbridge)).association!;
    await waitFor('the association of before to end', async () => (await before()).to !== null);
    expect(await before()).to.deep.include({ to: '2028-12-01T04:59:59.999Z', endReason: 'subscription_ended' });
    expect(await ironbridge.usage(associations.ironbridge)).to.equal('403 usage_ended');
  });

  it('ends by the link of a mail, and with it, at that instant, what the partner may read', async () => {
    await itBecomes('2029-02-05T15:00:00.000Z');
    await vendorReports(renewed, { '2028-10-01': 5, '2028-11-01': 95, '2028-12-01': 98, '2029-01-01': 99 });
    const read = { '2028-11-01': 95, '2028-12-01': 98, '2029-01-01': 99 };
    expect(await ironbridge.usage(associations.renewal)).to.deep.equal(read);
    expect(await ironbridge.exportedUsage()).to.deep.equal(read);

    const asked = (await product.mails(contact.email)).filter(({ subject }) => subject.includes('Ironbridge Systems LLC asks'));
    expect(asked).to.have.length(2);
    const links = await Promise.all(asked.map(async ({ id }) => linkIn(await product.mail(id))));
    const first = (await fetchUntilAnswered(links[1]!)).response; console.log(first.status, first.text.replace(/<style[\s\S]*?<\/style>/,'').replace(/<[^>]+>/g,' ').replace(/\s+/g,' '));
    await optOutByLink(links[0]!);
    // At once, whether the end was written down by now or not.
    expect(await ironbridge.usage(associations.renewal)).to.equal('403 usage_ended');
    expect(await ironbridge.exportedUsage()).to.deep.equal({});
    const ended = async () => (await lineOf(ironbridge, claims.ironbridge, 2)).association!;
    await waitFor('the end', async () => (await ended()).to !== null);
    expect((await ended()).endReason).to.equal('customer_revoked');
    expect(await ironbridge.usage(associations.renewal)).to.equal('403 usage_ended');
  });

  it('is an open book to the customer, and whole in every chain', async () => {
    interface Access {
      at: string;
      kind: string;
      partner: { legalName: string };
      target: string;
      rows: number;
    }
    const { items } = taken(await customer.get<{ items: Access[] }>(`/v1/tenants/${tenantId}/accesses`));
    console.log(items.map(({ at, kind, partner, target: about, rows }) => [at.slice(0, 10), kind, partner.legalName, about, rows]));
    const { exitCode, output } = await product.cpor('verify');
    expect(exitCode, output).to.equal(0);
    console.log(output, (await product.mails()).map(({ to, subject, deliveries }) => [to, subject, deliveries]));
  });
});
