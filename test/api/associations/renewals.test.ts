import { expect } from 'chai';
import { type ParsedMail, simpleParser } from 'mailparser';
import { samplePolicy } from '#libs/programmes/index.js';
import { readClock } from '#libs/event-store/index.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { reviewer, TestClaim } from '../../support/claims.js';
import { formTokenOf } from '../../support/customer.js';
import { days, Stage } from '../../support/stage.js';
import { subscription, TestCustomer } from '../../support/subscriptions.js';
import { waitFor } from '../../support/wait.js';

const vendor = { kind: 'reviewer' as const, subject: 'vendor-admin', actsFor: [] };

describe('A renewed subscription', function () {
  this.timeout(120_000);
  let stage: Stage;
  let api: TestApi;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi(stage);
    const clocks = { ...samplePolicy.clocks, consentWindow: { days: 7, unit: 'calendar_day' as const } };
    await stage.source.query(`INSERT INTO policies (name, version, effective_from, body) VALUES ('weekly', 1, '2025-01-01', $1)`, [
      { ...samplePolicy, name: 'weekly', language: 'ru', clocks },
    ]);
  });
  after(async () => {
    await api?.close();
    await stage?.close();
  });

  interface Renewed {
    claim: TestClaim;
    /** Ids of the original subscription and of its renewal. */
    sold: string;
    renewal: string;
    endsOn: string;
    carryOver: () => Promise<void>;
  }

  /** Makes a claim official on a subscription that ends in 60 days; the directory then reports its renewal. */
  async function official(answerWith: (link: string) => Promise<unknown> = () => Promise.resolve()): Promise<Renewed> {
    const owner = new TestCustomer(stage.source);
    const [{ ends_on: endsOn }] = await stage.source.query<[{ ends_on: string }]>(
      `SELECT to_char(cpor_now() AT TIME ZONE 'America/New_York' + interval '60 days', 'YYYY-MM-DD') AS ends_on`,
    );
    const sold = subscription({ endsOn });
    await owner.setSubscriptions(sold);
    const claim = new TestClaim(stage, { programme: 'weekly', tenant: owner });
    Object.assign(claim.details, {
      area: 'business_applications',
      lines: [{ line: 1, product: 'sales', subscriptionId: sold.subscriptionId, activities: ['presales'] }],
    });
    await claim.draft();
    await claim.addEvidence();
    await claim.executeCommand('submitClaim', claim.partner, {});
    await claim.executeCommand('approveClaim', reviewer, {});
    await stage.untilWindow(claim);
    await answerWith((await linksTo(claim))[0]!);
    await stage.advance(days(8));
    await stage.until(claim, 'official');
    const renewal = subscription({ endsOn: `${Number(endsOn.slice(0, 4)) + 1}${endsOn.slice(4, 8)}01` });
    await owner.setSubscriptions({ ...sold, successorId: renewal.subscriptionId }, renewal);
    const carryOver = async () => {
      await claim.executeCommand('checkAssociation', vendor, {});
      await stage.untilWindow(claim);
    };
    return { claim, sold: sold.subscriptionId, renewal: renewal.subscriptionId, endsOn, carryOver };
  }

  /** Paths of the notice links mailed to an address, oldest first. */
  async function linksTo(claim: TestClaim, address = claim.customerEmail): Promise<string[]> {
    const mails = stage.relay.received.filter(({ to, messageId }) => to === address && messageId.startsWith('<notice-'));
    const texts = await Promise.all(mails.map(async ({ source }) => (await simpleParser(source)).text ?? ''));
    return texts.map((text) => /https:\/\/cpor\.example(\/n\/\S+)/.exec(text)![1]!);
  }

  const open = async (path: string): Promise<string> => (await api.call('GET', path, { key: null })).text;
  const offeredOn = (page: string) => [...page.matchAll(/name="line" id="[^"]*" value="(\d+)"/g)].map(([, line]) => Number(line));
  const send = async (path: string, lines: number[], scope = 'selected') => {
    const fields = new URLSearchParams({ formToken: formTokenOf(await open(path)), scope });
    for (const line of lines) fields.append('line', String(line));
    return api.call('POST', path, { body: fields, key: null });
  };
  const phases = async (claim: TestClaim) => (await claim.row()).state.lines.map(({ phase }) => phase);
  const h1 = (page: string) => /<h1>(.*?)<\/h1>/.exec(page)?.[1];

  it('can be answered through the first notice’s link or its own, and both show the same page', async () => {
    const { claim, sold, renewal, carryOver } = await official();
    const [first] = (await linksTo(claim)) as [string];
    expect(h1(await open(first))).to.equal('Evergreen Cloud Consulting, Inc. is recorded as your partner');
    await carryOver();
    const [, second] = (await linksTo(claim)) as [string, string];
    const [firstPage, secondPage] = await Promise.all([open(first), open(second)]);
    expect(h1(firstPage)).to.equal('Evergreen Cloud Consulting, Inc. asks to remain your partner for a renewed subscription');
    const closesAt = (await claim.row()).state.notices[1]!.closesAt!;
    for (const page of [firstPage, secondPage]) {
      expect(offeredOn(page)).to.deep.equal([1, 2]);
      expect(page).to.include(`datetime="${closesAt}"`).and.include(`Sales (${renewal})`).and.include(`this renews Sales (${sold})`);
    }

    const needless = await send(first, [1], 'accept');
    expect([needless.status, needless.text.includes('What you selected is already official.')]).to.deep.equal([422, true]);
    expect((await send(first, [2])).status).to.equal(303);
    await waitFor('the refusal', async () => (await claim.row()).state.lines[1]!.phase === 'rejected');
    for (const path of [first, second]) {
      const page = await open(path);
      expect(h1(page)).to.equal('Your refusal is recorded');
      expect(offeredOn(page)).to.deep.equal([1]);
    }
    await send(second, [1]);
    await waitFor('the end', async () => (await claim.row()).state.lines[0]!.phase === 'ended');
    expect(h1(await open(first))).to.equal('Your answer is recorded');
    expect(offeredOn(await open(first))).to.deep.equal([]);
  });

  it('needs a new answer, and its page shows the answer to the first notice', async () => {
    const { claim, carryOver } = await official(async (link) => {
      await send(link, [1], 'accept');
      expect(h1(await open(link))).to.equal('Your acceptance is recorded');
    });
    await carryOver();
    const [first, second] = (await linksTo(claim)) as [string, string];
    const [{ command_id: reference }] = await stage.source.query<[{ command_id: string }]>(
      "SELECT command_id FROM claim_commands WHERE claim_id = $1 AND type = 'acceptClaim'",
      [claim.claimId],
    );
    for (const path of [first, second]) {
      const page = await open(path);
      expect(h1(page)).to.include('renewed subscription');
      expect(page).to.include('Your earlier answer').and.include(reference);
    }
  });

  it('can be neither seen nor answered by a contact who was notified only of the first subscription', async () => {
    const { claim, renewal, carryOver } = await official();
    const [first] = (await linksTo(claim)) as [string];
    const successor = claim.contact(`eve.long@${claim.details.domain}`);
    const contacts = { ...claim.details.contacts, customer: successor };
    const personal = [
      {
        personId: successor.personId,
        kind: 'contact' as const,
        content: { name: 'Eve Long', title: 'CIO', email: `eve.long@${claim.details.domain}` },
      },
    ];
    expect(await claim.executeCommand('editClaim', claim.partner, { changes: { contacts } }, { personal })).to.deep.include({
      status: 'done',
    });
    await carryOver();
    const page = await open(first);
    expect(offeredOn(page)).to.deep.equal([1]);
    expect(page).not.to.include(renewal);
    await send(first, [2]);
    await send(first, [2], 'accept');
    expect(await phases(claim)).to.deep.equal(['official', 'consent_pending']);
    const answers = await stage.source.query("SELECT FROM claim_commands WHERE claim_id = $1 AND type IN ('optOut', 'acceptClaim')", [
      claim.claimId,
    ]);
    expect(answers).to.deep.equal([]);
    const [own] = (await linksTo(claim, `eve.long@${claim.details.domain}`)) as [string];
    expect(offeredOn(await open(own))).to.deep.equal([2]);
  });

  it('is named in the expiry letters to the partner, in the programme’s language', async () => {
    const { claim, renewal, endsOn, carryOver } = await official();
    await carryOver();
    /** How long until noon UTC of the day on which the letter `left` days before the end is due. */
    const noonAfter = async (left: number) =>
      Date.parse(`${endsOn}T12:00:00Z`) - days(left - 1) - Date.parse(await readClock(stage.source));
    const letters = async (): Promise<ParsedMail[]> => {
      const mails = stage.relay.received.filter(({ to, messageId }) => to === 'pat@evergreen.example' && messageId.startsWith('<letter-'));
      const parsed = await Promise.all(mails.map(({ source }) => simpleParser(source)));
      return parsed.filter(({ subject }) => subject?.includes(claim.number));
    };
    const texts = ['через 30 дней', 'через 7 дней', 'через 1 день'];
    for (const [index, left] of [30, 7, 1].entries()) {
      await stage.advance(await noonAfter(left));
      await waitFor(`the letter ${left} days before`, async () => (await letters()).length === index + 1);
      const { subject, text } = (await letters())[index]!;
      expect(subject).to.include('по прежней подписке');
      expect(text).to.include(`Sales (${renewal})`).and.include(texts[index]);
    }
  });
});
