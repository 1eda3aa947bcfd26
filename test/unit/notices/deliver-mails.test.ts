import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { expect } from 'chai';
import type { OutgoingMail, SendOutcome } from '#libs/notices/index.js';
import { deliverMails, type WaitingMail } from '../../../activities/deliver-mails.js';
import type { ActivityDependencies } from '../../../activities/index.js';

describe('the delivery of mails', () => {
  let log: string[];
  beforeEach(() => {
    log = [];
  });

  const mail = (id: string, changes: Partial<WaitingMail> = {}): WaitingMail => ({
    kind: 'letter',
    id,
    email: `${id}@contoso.example`,
    attempt: async () => ({ subject: id, text: id, html: id, textVersion: 1 }),
    store: async ({ outcome, response }) => log.push(`store ${id}: ${outcome}, ${response}`),
    storeFault: async (error, attempt) => log.push(`fault of ${id} at attempt ${attempt}: ${(error as Error).message}`),
    ...changes,
  });

  /** Delivers the mails through a relay that accepts everything unless `answer` says otherwise. */
  function deliver(mails: WaitingMail[], answer?: (mail: OutgoingMail) => SendOutcome): Promise<Error | null> {
    const mailer = {
      async send(sent: OutgoingMail): Promise<SendOutcome> {
        log.push(`send ${sent.messageId} from ${sent.envelopeFrom}`);
        return answer?.(sent) ?? { outcome: 'accepted', response: '250 OK' };
      },
      close: () => undefined,
    };
    const dependencies: Pick<ActivityDependencies, 'mailer' | 'mailFrom'> = { mailer, mailFrom: 'Northwind <cpor@cpor.example>' };
    const context = { heartbeat: () => undefined, info: { attempt: 3 } };
    return asyncLocalStorage.run(context as unknown as Context, () => deliverMails(dependencies, mails));
  }

  it('stores each answer before it sends the next mail', async () => {
    expect(await deliver([mail('a'), mail('b')])).to.equal(null);
    expect(log).to.deep.equal([
      'send letter-a@cpor.example from bounce+a@cpor.example',
      'store a: accepted, 250 OK',
      'send letter-b@cpor.example from bounce+b@cpor.example',
      'store b: accepted, 250 OK',
    ]);
  });

  it('stores a fault, continues, and returns it', async () => {
    const fault = await deliver([mail('a'), mail('b')], ({ subject }) => {
      if (subject === 'a') throw new Error('The relay is down.');
      return { outcome: 'failed_permanently', code: '550', response: '550 unknown' };
    });
    expect(fault?.message).to.equal('The relay is down.');
    expect(log).to.deep.equal([
      'send letter-a@cpor.example from bounce+a@cpor.example',
      'fault of a at attempt 3: The relay is down.',
      'send letter-b@cpor.example from bounce+b@cpor.example',
      'store b: failed, 550 unknown',
    ]);
  });

  it('skips a mail that must not be sent any more', async () => {
    expect(await deliver([mail('a', { attempt: async () => null })])).to.equal(null);
    expect(log).to.deep.equal([]);
  });

  it('fails a mail whose address was erased without asking the relay', async () => {
    expect(await deliver([mail('a', { email: null })])).to.equal(null);
    expect(log).to.deep.equal(['store a: failed, The address was erased.']);
  });

  it('ends its round after a minute, and leaves the remaining mails to a retry', async () => {
    const { now } = Date;
    const slow = mail('a', {
      store: async () => {
        log.push('stored a');
        Date.now = () => now() + 61_000;
      },
    });
    try {
      const fault = await deliver([slow, mail('b')]);
      expect(fault?.message).to.equal('The time for this round is over; the remaining mails are sent in the next one.');
    } finally {
      Date.now = now;
    }
    expect(log).to.deep.equal(['send letter-a@cpor.example from bounce+a@cpor.example', 'stored a']);
  });

  it('retries a write that fails', async () => {
    let failures = 1;
    const store: WaitingMail['store'] = async () => {
      if (failures-- > 0) throw new Error('The database is away.');
      log.push('stored');
    };
    expect(await deliver([mail('a', { store })])).to.equal(null);
    expect(log).to.deep.equal(['send letter-a@cpor.example from bounce+a@cpor.example', 'stored']);
  });
});
