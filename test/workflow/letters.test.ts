import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { samplePolicy } from '#libs/programmes/index.js';
import { customer, ironbridge, type TestClaim } from '../support/claims.js';
import { brief, days, Stage } from '../support/stage.js';
import { waitFor } from '../support/wait.js';

interface LetterRow {
  letter_id: string;
  kind: string;
  outcome: string | null;
  attempts: number;
  response: string | null;
  text_version: number;
}

describe('the letters of a claim', function () {
  this.timeout(120_000);
  let stage: Stage;

  before(async () => {
    stage = await Stage.open({
      // Sends letters in the step that writes them, without waiting for the workflow's own sending step.
      change: (activities) => ({
        ...activities,
        executeCommands: async (reference) => {
          const execution = await activities.executeCommands(reference);
          if (execution.hasLetters) await activities.sendLetters(reference);
          return execution;
        },
      }),
    });
  });
  afterEach(() => {
    stage.relay.answer = () => 'accept';
  });
  after(() => stage?.close());

  const letters = (claim: TestClaim) =>
    stage.source.query<LetterRow[]>('SELECT * FROM letters WHERE claim_id = $1 ORDER BY event_version, letter_id', [claim.claimId]);
  const untilSettled = (claim: TestClaim, count: number) =>
    waitFor(
      `${count} letters to be settled`,
      async () => (await letters(claim)).filter(({ outcome }) => outcome !== null).length === count,
    );
  const mailsOf = (claim: TestClaim) => stage.relay.received.filter(({ source }) => source.includes(claim.number));
  const sentLetters = (claim: TestClaim) => mailsOf(claim).filter(({ messageId }) => messageId.startsWith('<letter-'));
  const accept = (claim: TestClaim) => claim.executeCommand('acceptClaim', customer, { isTenantAdmin: false });

  it('go once to every recipient of the notice, in the notice’s language and with their own Message-ID', async () => {
    const claim = await stage.notified();
    await accept(claim);
    await untilSettled(claim, 2);
    const sent = sentLetters(claim);
    expect(sent.map(({ to }) => to).sort()).to.deep.equal([`admin@${claim.details.domain}`, claim.customerEmail]);
    const rows = await letters(claim);
    expect(rows.map(({ kind, outcome, attempts }) => [kind, outcome, attempts])).to.deep.equal([
      ['acceptance_receipt', 'accepted', 1],
      ['acceptance_receipt', 'accepted', 1],
    ]);
    expect(sent.map(({ messageId }) => messageId).sort()).to.deep.equal(rows.map((row) => `<letter-${row.letter_id}@cpor.example>`).sort());
    const mail = await simpleParser(sent[0]!.source);
    expect(mail.subject).to.equal(`Claim ${claim.number}: your organisation’s acceptance is recorded`);
    expect(mail.text).to.include('Evergreen Cloud Consulting, Inc.').and.include('https://cpor.example/n/');
    expect(mail.html).to.include('You may still refuse');
    // Another command sends no further letter.
    await claim.executeCommand('addComment', claim.partner, { textId: '0199f3a1-6a7e-4f2c-9d57-0c6f6f0f3b11', visibility: 'shared' });
    expect(sentLetters(claim)).to.have.length(2);
  });

  it('are retried after a temporary refusal and given up after a permanent one', async () => {
    const claim = await stage.notified();
    const temporaryRefusals = new Map([[claim.customerEmail, 1]]);
    stage.relay.answer = (recipient) => {
      if (recipient.startsWith('admin@')) return 550;
      const left = temporaryRefusals.get(recipient) ?? 0;
      temporaryRefusals.set(recipient, left - 1);
      return left > 0 ? 451 : 'accept';
    };
    await claim.accept('acceptClaim', customer, { isTenantAdmin: false });
    await stage.engine.wake(claim);
    await untilSettled(claim, 2);
    const rows = await letters(claim);
    expect(rows.map(({ outcome, attempts }) => [outcome, attempts]).sort()).to.deep.equal([
      ['accepted', 2],
      ['failed', 1],
    ]);
    expect(rows.find(({ outcome }) => outcome === 'failed')!.response).to.match(/^550/);
    expect(sentLetters(claim).map(({ to }) => to)).to.deep.equal([claim.customerEmail]);
  });

  it('warn a holder of a competing claim without naming the competitor', async () => {
    const holder = await stage.notified({ programme: brief.name });
    await stage.until(holder, 'official');
    const tenant = { tenantId: holder.details.tenantId, domain: holder.details.domain! };
    const challenger = await stage.submitted({ programme: brief.name, partner: ironbridge, tenant });
    // The challenger's transaction writes the letter; the holder's workflow sends it when it is woken.
    await stage.engine.wake(holder);
    await untilSettled(holder, 1);
    expect((await letters(holder)).map(({ kind }) => kind)).to.deep.equal(['holder_warning']);
    const [mail] = sentLetters(holder);
    const { text = '' } = await simpleParser(mail!.source);
    expect(text)
      .to.include('Another claim competes with your association')
      .and.match(/You may add evidence until \w+/);
    expect(mail!.source).not.to.include(challenger.number).and.not.include(ironbridge.partnerId).and.not.include('Ironbridge');
    expect(sentLetters(challenger)).to.deep.equal([]);
  });

  it('inform the vendor of an overdue review', async () => {
    const claim = await stage.submitted();
    await stage.advance(days(12));
    await waitFor('the breach', async () => (await claim.eventTypes()).includes('DeadlineBreached'));
    await stage.engine.wake(claim);
    await untilSettled(claim, 1);
    const [mail] = sentLetters(claim);
    expect(mail!.to).to.equal(samplePolicy.vendor.contactEmail);
    expect((await simpleParser(mail!.source)).text).to.include('The review of this claim did not start in time. It was due by');
  });
});
