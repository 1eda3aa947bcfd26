import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { formatInstant } from '#libs/notices/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { customer, reviewer, type TestClaim } from '../support/claims.js';
import { days, Stage } from '../support/stage.js';
import { waitFor } from '../support/wait.js';
import type { Activities } from '../../activities/index.js';

describe('the notices of a claim', () => {
  let stage: Stage;

  before(async function () {
    this.timeout(90_000);
    stage = await Stage.open();
  });

  afterEach(async function () {
    this.timeout(30_000);
    stage.relay.answer = () => 'accept';
  });

  after(async function () {
    this.timeout(30_000);
    await stage?.close();
  });

  const adminOf = (claim: TestClaim): string => `admin@${claim.details.domain}`;
  const noticesTo = (address: string) =>
    stage.relay.received.filter(({ to, messageId }) => to === address && messageId.startsWith('<notice-'));
  const recipients = async (claim: TestClaim) => (await claim.row()).state.notices.at(-1)!.recipients;
  const viewOf = async (claim: TestClaim) => (await stage.engine.process(claim.claimId))!.view;

  it('are retried until the relay is back, and only then open the window', async function () {
    this.timeout(60_000);
    await stage.relay.stop();
    const claim = await stage.approved();
    await waitFor('the delivery to be retried', async () => {
      const process = await stage.engine.process(claim.claimId);
      const [retrying] = process!.retrying;
      return retrying?.step === 'sendNotice' && retrying.error!.includes('Mail was not handed over');
    });
    expect(await viewOf(claim)).to.have.nested.property('position.waiting[0].for', 'notice_delivery');
    expect((await claim.row()).alarm_at).to.equal(null);
    await stage.relay.start();
    await waitFor('both mails', () => noticesTo(claim.customerEmail).length === 1 && noticesTo(adminOf(claim)).length === 1, 30_000);
    await stage.untilWindow(claim);
  });

  it('open the window with the first accepted mail, and keep retrying the others', async function () {
    this.timeout(60_000);
    stage.relay.answer = (address) => (address.startsWith('admin@') ? 451 : 'accept');
    const claim = await stage.approved();
    await waitFor('the window to open', async () => (await claim.row()).alarm_at !== null);
    expect((await recipients(claim)).map(({ kind, state }) => `${kind} ${state}`)).to.have.members([
      'contact accepted',
      'tenant_admin pending',
    ]);
    await waitFor('a second attempt', () => stage.relay.attempts.filter((address) => address === adminOf(claim)).length >= 2);
    const { searchAttributes } = await stage.handle(claim).describe();
    expect(searchAttributes['ClaimPhase']).to.deep.equal(['consent_pending']);
    stage.relay.answer = () => 'accept';
    await waitFor('the other mail', () => noticesTo(adminOf(claim)).length === 1, 30_000);
    await stage.untilWindow(claim);
    expect(noticesTo(claim.customerEmail)).to.have.length(1);
  });

  it('open the window even if the relay permanently refuses one recipient', async () => {
    stage.relay.answer = (address) => (address.startsWith('admin@') ? 550 : 'accept');
    const claim = await stage.approved();
    await waitFor('both answers', async () => (await recipients(claim)).every(({ state }) => state !== 'pending'));
    expect((await recipients(claim)).map(({ kind, state }) => `${kind} ${state}`)).to.have.members([
      'contact accepted',
      'tenant_admin failed',
    ]);
    expect((await claim.row()).alarm_at).to.not.equal(null);
    expect(stage.relay.attempts.filter((address) => address === adminOf(claim))).to.have.length(1);
    expect(await claim.eventTypes()).to.include('NoticeFailed');
    expect(JSON.stringify(await claim.events())).to.not.match(/@[a-z0-9-]+\.example/);
  });

  it('open no window when every recipient is refused, and open one once the address is corrected', async () => {
    stage.relay.answer = () => 550;
    const claim = await stage.approved();
    await waitFor('both refusals', async () => (await recipients(claim)).every(({ state }) => state === 'failed'));
    const { alarm_at, is_open } = await claim.row();
    expect({ alarm_at, is_open }).to.deep.equal({ alarm_at: null, is_open: true });
    await waitFor('the workflow to wait for an address', async () => JSON.stringify(await viewOf(claim)).includes('corrected_address'));

    stage.relay.answer = () => 'accept';
    const corrected = claim.contact(`new.ann@${claim.details.domain}`);
    const personal = [
      {
        personId: corrected.personId,
        kind: 'contact' as const,
        content: { name: 'Ann Lee', title: 'CIO', email: `new.ann@${claim.details.domain}` },
      },
    ];
    const changes = { contacts: { ...claim.details.contacts, customer: corrected } };
    expect(await claim.executeCommand('editClaim', claim.partner, { changes }, { personal })).to.deep.include({ status: 'done' });
    await stage.untilWindow(claim);
    expect(noticesTo(`new.ann@${claim.details.domain}`)).to.have.length(1);
    const { notices } = (await claim.row()).state;
    expect(notices.map(({ closesAt }) => closesAt === null)).to.deep.equal([true, false]);
  });

  it('are sent to a corrected contact during the open window without moving its deadline', async () => {
    stage.relay.answer = (address) => (address.startsWith('admin@') ? 'accept' : 550);
    const claim = await stage.approved();
    await waitFor('the window to open', async () => (await recipients(claim)).every(({ state }) => state !== 'pending'));
    const { alarm_at: closesAt } = await claim.row();
    stage.relay.answer = () => 'accept';
    const email = `corrected@${claim.details.domain}`;
    const contact = claim.contact(email);
    const changes = { contacts: { ...claim.details.contacts, customer: contact } };
    const content = { name: 'Ann Lee', title: 'CIO', email };
    const personal = [{ personId: contact.personId, kind: 'contact' as const, content }];
    expect(await claim.executeCommand('editClaim', claim.partner, { changes }, { personal })).to.deep.include({ status: 'done' });
    await waitFor('the mail to the corrected contact', () => noticesTo(email).length === 1);
    await waitFor('its delivery', async () => (await recipients(claim)).at(-1)!.state === 'accepted');
    expect((await claim.row()).alarm_at).to.deep.equal(closesAt);
    expect(noticesTo(adminOf(claim))).to.have.length(1);
  });

  it('are not sent again when the workflow is lost after sending them', async () => {
    const claim = await stage.notified();
    await stage.handle(claim).terminate('lost');
    await stage.engine.wake(claim);
    await stage.untilStatus(claim, 'RUNNING');
    await stage.handle(claim).signal('optOut');
    await stage.until(claim, 'rejected');
    expect(noticesTo(claim.customerEmail)).to.have.length(1);
    expect(noticesTo(adminOf(claim))).to.have.length(1);
  });

  it('are no longer sent once the claim is withdrawn during a relay outage', async function () {
    this.timeout(60_000);
    stage.relay.answer = () => 451;
    const claim = await stage.approved();
    await waitFor('a first attempt', () => stage.relay.attempts.includes(claim.customerEmail));
    expect(await claim.executeCommand('withdrawClaim', claim.partner, {})).to.deep.include({ status: 'done' });
    stage.relay.answer = () => 'accept';
    await waitFor('the run to end', async () => (await stage.status(claim)) === 'COMPLETED', 30_000);
    expect(noticesTo(claim.customerEmail)).to.have.length(0);
  });

  it('are not sent to the others once the claim is withdrawn while a slow relay takes the first', async function () {
    this.timeout(60_000);
    const claim = await stage.submitted();
    let withdrawn: Promise<unknown> | undefined;
    stage.relay.answer = async () => {
      withdrawn ??= claim.accept('withdrawClaim', claim.partner, {}).then(() => claim.execute());
      await sleep(1_500);
      return 'accept' as const;
    };
    await claim.executeCommand('approveClaim', reviewer, {});
    await waitFor('the run to end', async () => (await stage.status(claim)) === 'COMPLETED', 30_000);
    await withdrawn;
    expect([...noticesTo(claim.customerEmail), ...noticesTo(adminOf(claim))]).to.have.length(1);
  });

  it('state the consent window of the programme version in force at delivery', async function () {
    this.timeout(60_000);
    const week = { ...samplePolicy.clocks, consentWindow: { days: 7, unit: 'calendar_day' as const } };
    for (const [version, clocks] of [samplePolicy.clocks, week].entries()) {
      await stage.source.query(
        `INSERT INTO policies (name, version, effective_from, body) VALUES ('changing', $1, cpor_now() + $2::interval, $3)`,
        [version + 1, ['-1 days', '3 days'][version], { ...samplePolicy, name: 'changing', version: version + 1, clocks }],
      );
    }
    const claim = await stage.submitted({ programme: 'changing' });
    await stage.advance(days(4));
    await claim.executeCommand('approveClaim', reviewer, {});
    await stage.untilWindow(claim);
    const { policy, notices } = (await claim.row()).state;
    const { text = '' } = await simpleParser(noticesTo(claim.customerEmail)[0]!.source);
    expect(policy).to.equal('changing@1');
    expect(text).to.include('You may refuse within 7 calendar days after delivery');
    expect(text).to.include(`the period ends on ${formatInstant(notices[0]!.closesAt!, 'America/New_York', 'en')}.`);
  });

  it('carry a separate link for each recipient and leave no personal data in the workflow history', async () => {
    const claim = await stage.notified();
    const mails = [...noticesTo(claim.customerEmail), ...noticesTo(adminOf(claim))];
    const links = mails.map(({ source }) => /https:\/\/cpor\.example\/n\/([\w-]+)/.exec(source.replaceAll('=\r\n', ''))?.[1]);
    expect(new Set(links).size).to.equal(2);
    const history = Buffer.from(JSON.stringify(await stage.history(claim))).toString();
    const decoded = history.replace(/"([A-Za-z0-9+/=]{16,})"/g, (_, text: string) => Buffer.from(text, 'base64').toString('latin1'));
    for (const secret of [claim.customerEmail, 'Ann Lee', adminOf(claim), claim.details.domain!]) expect(decoded).to.not.include(secret);
  });
});

describe('a notice whose activity runs twice', () => {
  let stage: Stage;

  before(async function () {
    this.timeout(90_000);
    stage = await Stage.open({ change: sendTwice });
  });

  after(async function () {
    this.timeout(30_000);
    await stage?.close();
  });

  /** Makes the first run of each notice's activity fail after its work is done, as if the worker had died before reporting. */
  function sendTwice(activities: Activities): Activities {
    const failed = new Set<string>();
    return {
      ...activities,
      async sendNotice(reference) {
        const execution = await activities.sendNotice(reference);
        if (failed.has(reference.noticeId)) return execution;
        failed.add(reference.noticeId);
        throw new Error('The worker died.');
      },
    };
  }

  it('sends each mail once', async function () {
    this.timeout(60_000);
    const claim = await stage.notified();
    const { length } = stage.relay.received;
    await waitFor('the second run', async () => (await stage.historyTypes(claim)).includes('ActivityTaskCompleted'), 30_000);
    expect(length).to.equal(2);
    expect(stage.relay.received).to.have.length(2);
    expect((await claim.eventTypes()).filter((type) => type === 'NoticeAccepted')).to.have.length(2);
    await claim.executeCommand('optOut', customer, {});
    expect(await claim.phase()).to.equal('rejected');
  });
});
