import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** A mail whose content reached the relay. */
export interface ReceivedMail {
  to: string;
  messageId: string;
  /** Number of the claim in the subject; null for a question between partners, which concerns several. */
  number: string | null;
  kind: string;
  link: string | null;
  at: number;
  /** Whether the sender was told: false if the relay died before its answer. */
  isAnswered: boolean;
}

/** What the relay does with mails for the time being. */
export type RelayMode = 'accept' | 'refuse_421' | 'refuse_450' | 'refuse_550' | 'hang' | 'die_before_answer';

/** The mails of the product by the words of their subject, in English. */
const kinds: [kind: string, subject: RegExp][] = [
  ['choice', /^Which partner do you want for /],
  ['acceptance_receipt', /acceptance is recorded$/],
  ['refusal_receipt', /refusal is recorded$/],
  ['end_receipt', /your organisation’s association with .* has ended$/],
  ['partner_ended', /your association with .* has ended$/],
  ['transfer_receipt', /now works with you$/],
  ['withdrawal_receipt', /was withdrawn$/],
  ['holder_warning', /competes with your association/],
  ['information_request', /needs more information$/],
  ['rejection', /was rejected$/],
  ['refused_target', /is closed: the customer has refused your company$/],
  ['notice_failure', /has reached nobody$/],
  ['notice', /asks to be recorded as your partner$|is recorded as your partner$|is closed$/],
];

/** The customers' and partners' mail server, in this process: it keeps what it received, and fails in the ways in which relays fail. */
export class Relay {
  readonly received: ReceivedMail[] = [];
  /** Mails refused for good: the product may give them up. */
  readonly refused: ReceivedMail[] = [];
  mode: RelayMode = 'accept';
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
      onData: (stream, session, done) => {
        void buffer(stream).then(
          (content) => this.take(content.toString(), session, done),
          () => undefined,
        );
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Refuses connections from now on, and resets the open ones. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    for (const connection of server.connections) (connection as unknown as { _socket: { destroy(): void } })._socket.destroy();
    await new Promise<void>((resolve) => server.close(resolve));
  }

  private async take(content: string, session: SMTPServerSession, done: (error?: Error | null, message?: string) => void): Promise<void> {
    const { mode } = this;
    const [recipient] = session.envelope.rcptTo;
    const messageId = /^Message-ID: (.+)\r$/im.exec(content)?.[1] ?? '';
    if (mode === 'hang') return;
    const parsed = await simpleParser(content);
    const subject = parsed.subject ?? '';
    const mail: ReceivedMail = {
      to: recipient!.address,
      messageId,
      number: /^Claim (\S+): /.exec(subject)?.[1] ?? null,
      kind: kinds.find(([, pattern]) => pattern.test(subject))?.[0] ?? `unknown: ${subject}`,
      link: /https?:\/\/\S+\/n\/[\w-]+/.exec(parsed.text ?? '')?.[0] ?? null,
      at: Date.now(),
      isAnswered: mode === 'accept',
    };
    const refused = /^refuse_(\d+)$/.exec(mode)?.[1];
    if (refused !== undefined) {
      if (refused.startsWith('5')) this.refused.push(mail);
      return done(Object.assign(new Error('Refused for the test'), { responseCode: Number(refused) }));
    }
    this.received.push(mail);
    if (mail.isAnswered) done(null, 'queued');
    else await this.stop().then(() => this.start());
  }
}
