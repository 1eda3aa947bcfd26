import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import fc from 'fast-check';
import { SMTPServer } from 'smtp-server';
import { readMailAddress } from '#libs/identifiers/index.js';
import { createMailer, type Mailer } from '#libs/notices/index.js';

/** Text as an attacker of mail headers writes it. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        '\r\n',
        '\r',
        '\n',
        '\0',
        '\u2028',
        '\u0085',
        '%0d%0a',
        '=?utf-8?q?=0D=0ABcc:?=',
        'Bcc: all@victims.example',
        '\r\n.\r\n',
        'DATA',
        ',',
        ';',
        '<',
        '>',
        '"',
        '@',
        '\ud800',
        '\u202e',
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const hostileAddress = fc.oneof(
  hostile,
  hostile.map((text) => `ann${text}@contoso.example`),
  hostile.map((text) => `ann@contoso.example${text}`),
  hostile.map((text) => `ann@${text}.example`),
  fc.emailAddress(),
  fc.constantFrom(
    `${'a'.repeat(64)}@${'b'.repeat(60)}.example`,
    `${'a'.repeat(65)}@b.example`,
    `a@${'b.'.repeat(200)}example`,
    'иван@пример.рф',
    `a@${'b'.repeat(10_000)}`,
  ),
);
/** Our headers; an empty subject gets none. */
const headerNames = ['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'to'];

describe('a mail to any address with any subject', () => {
  let server: SMTPServer;
  let mailer: Mailer;
  const received: { to: string[]; source: string }[] = [];

  before(async () => {
    server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      async onData(stream, { envelope }, done) {
        received.push({ to: envelope.rcptTo.map(({ address }) => address), source: (await buffer(stream)).toString() });
        done();
      },
    });
    server.on('error', () => undefined);
    const listener = server.listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    mailer = createMailer(`smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`, 'cpor@cpor.example');
  });
  after(() => {
    mailer?.close();
    server?.close();
  });

  it('reaches that address alone, with our headers alone, or nobody', async () => {
    await fc.assert(
      fc.asyncProperty(hostileAddress, hostile, async (to, subject) => {
        received.splice(0);
        const mail = {
          subject,
          text: 'Text',
          html: '<p>Text</p>',
          messageId: 'notice-1@cpor.example',
          envelopeFrom: 'bounces@cpor.example',
        };
        const { outcome } = await mailer.send({ ...mail, to });
        expect(received.length).to.equal(outcome === 'accepted' ? 1 : 0);
        for (const { to: recipients, source } of received) {
          expect(recipients).to.have.length(1);
          const lower = (address: string) => address.slice(0, address.lastIndexOf('@') + 1);
          expect(lower(recipients[0]!)).to.equal(lower(to));
          const head = source.slice(0, source.indexOf('\r\n\r\n'));
          const names = head
            .replace(/\r\n[ \t]+/g, ' ')
            .split('\r\n')
            .map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
          expect(names.filter((name) => name !== 'subject').sort()).to.deep.equal(headerNames);
          expect(names.filter((name) => name === 'subject').length).to.be.at.most(1);
        }
      }),
      { numRuns: 150, seed: 20_261_130 },
    );
  });

  it('is never refused by the mailer if the API accepts the address as a contact’s', async () => {
    await fc.assert(
      fc.asyncProperty(hostileAddress, async (text) => {
        const read = readMailAddress(text);
        fc.pre(read !== null);
        const mail = {
          subject: 'S',
          text: 'T',
          html: '<p>T</p>',
          messageId: 'notice-1@cpor.example',
          envelopeFrom: 'bounces@cpor.example',
        };
        expect(await mailer.send({ ...mail, to: read.address })).to.include({ outcome: 'accepted' });
      }),
      { numRuns: 60, seed: 20_261_130 },
    );
  });
});
