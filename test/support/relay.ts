import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  to: string;
  messageId: string;
  /** The whole message as it came over the wire. */
  source: string;
}

/** What a relay answers for a recipient: takes the mail, or refuses with a reply code. */
export type RelayAnswer = 'accept' | number;

/** A mail relay in this process that keeps what it took and refuses what it is told to. */
export class TestRelay {
  readonly received: ReceivedMail[] = [];
  /** How often a recipient was named to the relay, taken or not. */
  readonly asked: string[] = [];
  answer: (recipient: string) => RelayAnswer | Promise<RelayAnswer> = () => 'accept';
  private server: SMTPServer | undefined;
  private port = 0;

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Listens; started again, on the same port as before. */
  async start(): Promise<void> {
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      onRcptTo: ({ address }, _session, done) => {
        this.asked.push(address);
        void Promise.resolve(this.answer(address)).then((answer) => {
          if (answer === 'accept') done();
          else done(Object.assign(new Error(`${answer} not now or never`), { responseCode: answer }));
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
