import { createServer, type AddressInfo, type Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { createMailer, type Mailer, MailFault, type OutgoingMail } from '#libs/notices/index.js';

const mail: OutgoingMail = {
  to: 'anna@contoso.example',
  subject: 'Claim CLM-000123',
  text: 'Text',
  html: '<p>Text</p>',
  messageId: 'notice-1.recipient-2@cpor.example',
  envelopeFrom: 'bounces+notice-1@cpor.example',
};

interface Received {
  from: string;
  to: string[];
  source: string;
}

describe('the mailer', () => {
  const closers: (() => void)[] = [];

  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  async function portOf(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.once('listening', resolve));
    return (server.address() as AddressInfo).port;
  }

  /** A relay that accepts everything unless the options say otherwise. */
  async function relay(options: SMTPServerOptions = {}): Promise<{ url: string; received: Received[] }> {
    const received: Received[] = [];
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      async onData(stream, { envelope }, done) {
        const source = (await buffer(stream)).toString();
        received.push({ from: (envelope.mailFrom || { address: '' }).address, to: envelope.rcptTo.map(({ address }) => address), source });
        done(null, 'Queued for <anna@contoso.example> as 42');
      },
      ...options,
    });
    server.on('error', () => undefined);
    closers.push(() => server.close());
    return { url: `smtp://127.0.0.1:${await portOf(server.listen(0, '127.0.0.1'))}`, received };
  }

  function connect(url: string, from = 'cpor@cpor.example'): Mailer {
    const mailer = createMailer(url, from);
    closers.push(() => mailer.close());
    return mailer;
  }

  const replying = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode });

  async function faultOf(url: string): Promise<MailFault> {
    const outcome: unknown = await connect(url)
      .send(mail)
      .catch((error) => error);
    expect(outcome).to.be.instanceOf(MailFault);
    return outcome as MailFault;
  }

  it('hands over a message with both forms, its own Message-ID and the requested envelope', async () => {
    const { url, received } = await relay();
    const outcome = await connect(url, 'Northwind Claims <cpor@cpor.example>').send(mail);
    expect(outcome).to.deep.equal({ outcome: 'accepted', response: '250 Queued for <address> as 42' });
    expect(received.map(({ from, to }) => ({ from, to }))).to.deep.equal([
      { from: 'bounces+notice-1@cpor.example', to: ['anna@contoso.example'] },
    ]);
    const source = received[0]?.source ?? '';
    expect(source).to.match(/^Message-ID: <notice-1\.recipient-2@cpor\.example>\r$/m);
    expect(source).to.match(/^From: Northwind Claims <cpor@cpor\.example>\r$/m);
    expect(source).to.match(/^Auto-Submitted: auto-generated\r$/m);
    expect(source).to.match(/^Content-Type: text\/plain/m);
    expect(source).to.match(/^Content-Type: text\/html/m);
  });

  it('uses the same Message-ID for every attempt, with or without brackets', async () => {
    const { url, received } = await relay();
    const mailer = connect(url);
    await mailer.send(mail);
    await mailer.send({ ...mail, messageId: `<${mail.messageId}>` });
    const ids = received.map(({ source }) => /^Message-ID: (.*)\r$/m.exec(source)?.[1]);
    expect(ids).to.deep.equal(['<notice-1.recipient-2@cpor.example>', '<notice-1.recipient-2@cpor.example>']);
  });

  it('does not let a subject inject headers', async () => {
    const { url, received } = await relay();
    await connect(url).send({ ...mail, subject: 'Claim\r\nBcc: all@victims.example' });
    expect(received[0]?.to).to.deep.equal(['anna@contoso.example']);
    expect(received[0]?.source).to.match(/^Subject: Claim Bcc: all@victims\.example\r$/m);
  });

  for (const [code, text] of [
    [550, '5.1.1 <anna@contoso.example>: no such user'],
    [552, '5.2.2 Mailbox of anna@contoso.example is full'],
    [550, '5.1.1 User "Anna" is unknown; see https://contoso.example/why?to=anna%40contoso.example'],
    [554, '5.7.1 Refused'],
  ] as const) {
    it(`reports ${code} for the recipient as permanent, without the address`, async () => {
      const { url } = await relay({ onRcptTo: (_address, _session, done) => done(replying(code, text)) });
      const outcome = await connect(url).send(mail);
      expect(outcome).to.have.include({ outcome: 'failed_permanently', code: String(code) });
      expect(outcome.response)
        .to.match(new RegExp(`^${code} 5`))
        .and.not.match(/anna|anna.*contoso/i);
    });
  }

  it('reports 554 after the message as permanent', async () => {
    const { url } = await relay({
      async onData(stream, _session, done) {
        await buffer(stream);
        done(replying(554, '5.6.0 Content refused'));
      },
    });
    expect(await connect(url).send(mail)).to.deep.equal({
      outcome: 'failed_permanently',
      code: '554',
      response: '554 5.6.0 Content refused',
    });
  });

  it('reports an address that no SMTP command can carry as permanent, without asking the relay', async () => {
    const { url, received } = await relay();
    const unwritable = ['', 'anna', 'anna@contoso.example\r\nDATA', 'anna@contoso.example, all@victims.example'];
    for (const to of [...unwritable, 'an\0na@contoso.example', 'anna\ud800@contoso.example']) {
      expect(await connect(url).send({ ...mail, to })).to.include({
        outcome: 'failed_permanently',
        code: 'recipient_invalid',
      });
    }
    expect(received).to.deep.equal([]);
  });

  it('reports an address in another script as permanent, regardless of how the relay refuses it', async () => {
    const { url } = await relay({ onRcptTo: (_address, _session, done) => done(replying(500, '5.5.2 Syntax error')) });
    expect(await connect(url).send({ ...mail, to: 'иван@contoso.example' })).to.include({ outcome: 'failed_permanently', code: '500' });
    // For any other address the fault is ours.
    expect((await faultOf(url)).message).to.include('500 5.5.2');
  });

  it('never splits a character of a long answer', async () => {
    const { url } = await relay({ onRcptTo: (_address, _session, done) => done(replying(550, `5.1.1 ${'😀'.repeat(200)}`)) });
    const { response } = await connect(url).send(mail);
    expect(response.isWellFormed()).to.equal(true);
  });

  it('throws on a temporary refusal, without naming the address', async () => {
    const { url } = await relay({ onRcptTo: (_address, _session, done) => done(replying(451, '4.2.0 anna@contoso.example greylisted')) });
    const fault = await faultOf(url);
    expect(fault.message).to.equal('Mail was not handed over (EENVELOPE, RCPT TO): 451 4.2.0 <address> greylisted');
    expect(fault.cause).to.equal(undefined);
  });

  it('throws when the relay requires credentials that we do not have', async () => {
    const { url } = await relay({ onMailFrom: (_address, _session, done) => done(replying(530, '5.7.0 Authentication required')) });
    expect((await faultOf(url)).message).to.include('530 5.7.0 Authentication required');
  });

  it('throws when the relay refuses our credentials', async () => {
    const { url } = await relay({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(replying(535, '5.7.8 Wrong')),
    });
    expect((await faultOf(url.replace('//', '//user:wrong@'))).code).to.equal('EAUTH');
  });

  it('throws when the relay refuses our sender address', async () => {
    const { url } = await relay({ onMailFrom: (_address, _session, done) => done(replying(550, '5.1.8 Sender domain does not exist')) });
    expect((await faultOf(url)).message).to.include('5.1.8');
  });

  it('throws when no relay listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    const port = await portOf(server);
    await new Promise((resolve) => server.close(resolve));
    expect((await faultOf(`smtp://127.0.0.1:${port}`)).code).to.equal('ESOCKET');
  });

  it('throws when the connection breaks before the message is accepted', async () => {
    const server = createServer((socket) => {
      socket.write('220 relay\r\n');
      socket.on('data', (data) => (/^DATA/m.test(data.toString()) ? socket.destroy() : socket.write('250 OK\r\n')));
      socket.on('error', () => undefined);
    });
    closers.push(() => server.close());
    expect((await faultOf(`smtp://127.0.0.1:${await portOf(server.listen(0, '127.0.0.1'))}`)).code).to.be.oneOf(['ECONNECTION', 'ESOCKET']);
  });
});
