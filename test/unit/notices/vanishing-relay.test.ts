import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect } from 'chai';
import { createMailer, type MailFault, type OutgoingMail } from '#libs/notices/index.js';
import { TestRelay } from '../../support/relay.js';
import { untilFrozenConnectionsClose, startProxy, retryUntilDone } from '../../support/vanishing-host.js';
import { waitFor } from '../../support/wait.js';

const mail: OutgoingMail = {
  to: 'anna@contoso.example',
  subject: 'Claim CLM-000123',
  text: 'Text',
  html: '<p>Text</p>',
  messageId: 'notice-1.recipient-2@cpor.example',
  envelopeFrom: 'bounces+notice-1@cpor.example',
};

const faultOf = (work: Promise<unknown>): Promise<MailFault | null> =>
  work.then(
    () => null,
    (error: MailFault) => error,
  );

describe('the mailer', function () {
  this.timeout(30_000);
  const closers: (() => unknown)[] = [];

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  it('fails the mails in flight if the relay’s host vanishes, and uses a new connection for the next', async () => {
    const relay = new TestRelay();
    await relay.start();
    closers.push(() => relay.stop());
    const { proxy, url } = await startProxy(relay.url);
    closers.push(() => proxy.close());
    const mailer = createMailer(url, 'cpor@cpor.example', { connectMs: 1_000, silenceMs: 1_000, totalMs: 3_000 });
    closers.push(() => mailer.close());
    await Promise.all(Array.from({ length: 5 }, () => mailer.send(mail)));
    proxy.freeze();
    const during = await Promise.all(Array.from({ length: 7 }, () => faultOf(mailer.send(mail))));
    for (const fault of during) expect(fault?.name).to.equal('MailFault');
    proxy.takeOver();
    await retryUntilDone(() => mailer.send(mail), 5_000);
    await untilFrozenConnectionsClose(proxy);
  });

  it('gives up on a relay that keeps talking without answering', async () => {
    const talking = new Set<Socket>();
    const relay = createServer((socket) => {
      talking.add(socket);
      socket.resume();
      socket.write('220 relay\r\n');
      const timer = setInterval(() => socket.write('250-one moment\r\n'), 100);
      socket.on('error', () => undefined).on('close', () => (clearInterval(timer), talking.delete(socket)));
    });
    relay.listen(0, '127.0.0.1');
    await new Promise((resolve) => relay.once('listening', resolve));
    closers.push(() => relay.close());
    const limits = { connectMs: 500, silenceMs: 500, totalMs: 1_500 };
    const mailer = createMailer(`smtp://127.0.0.1:${(relay.address() as AddressInfo).port}`, 'cpor@cpor.example', limits);
    closers.push(() => mailer.close());
    const fault = await faultOf(mailer.send(mail));
    expect([fault?.name, fault?.code]).to.deep.equal(['MailFault', 'ETIMEDOUT']);
    await waitFor('the connection to be given up', () => talking.size === 0, 5_000);
  });
});
