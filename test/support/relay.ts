import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  to: string;
  messageId: string;
  /** The whole message, as received. */
  source: string;
}

/** A relay's answer for a recipient: accepts the mail, or refuses it with a reply code. */
export type RelayAnswer = 'accept' | number;

/** Use it where mails must be received or refused: a relay in this process that keeps what it accepts and refuses on request. */
export class TestRelay {
  readonly received: ReceivedMail[] = [];
  /** The recipient of every attempt, accepted or not. */
  readonly attempts: string[] = [];
  answer: (recipient: string) => RelayAnswer | Promise<RelayAnswer> = () => 'accept';
  private server: SMTPServer | undefined;
  private port = 0;

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Starts listening; after a stop, on the same port as before. */
  async start(): Promise<void> {
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      onRcptTo: ({ address }, _session, done) => {
        this.attempts.push(address);
        void Promise.resolve(this.answer(address)).then((answer) => {
          if (answer === 'accept') done();
          // Real relays repeat the address.
          else done(Object.assign(new Error(`<${address}> refused by the test`), { responseCode: answer }));
        });
      },
      onData: async (stream, { envelope }, done) => {
        const source = (await buffer(stream)).toString();
        const messageId = /^Message-ID: (.+)\r$/m.exec(source)?.[1] ?? '';
        this.received.push(...envelope.rcptTo.map(({ address: to }) => ({ to, messageId, source })));
        done(null, 'queued');
      },
    });
    server.on('error', () => undefined);
    const listener = server.listen(this.port, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    this.port = (listener.address() as AddressInfo).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
