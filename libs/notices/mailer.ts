import { createTransport } from 'nodemailer';

export interface OutgoingMail {
  /** One address: each recipient has a link of its own. */
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The same for every attempt, so that a receiver can recognise a repeat. With or without angle brackets. */
  messageId: string;
  /** Where the relay returns what it cannot deliver. */
  envelopeFrom: string;
}

/** `code` is the relay's reply code, or `recipient_invalid` for an address no relay was asked about. Responses name no address. */
export type SendOutcome = { outcome: 'accepted'; response: string } | { outcome: 'failed_permanently'; code: string; response: string };

export interface Mailer {
  /** Hands a message to the relay. Throws `MailFault` when a later attempt may succeed or when our own set-up is at fault. */
  send(mail: OutgoingMail): Promise<SendOutcome>;
  /** Ends the connections that are kept open for the next message. */
  close(): void;
}

/** The relay could not be asked, or said no for a reason that is not the recipient's. Names no address. */
export class MailFault extends Error {
  override readonly name = 'MailFault';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

// Relays greet slowly on purpose, so connections are kept for a burst of notices; an idle one is given up after the socket's timeout.
const pool = { pool: true, maxConnections: 5, maxMessages: 100 } as const;

/** Milliseconds. */
export interface MailLimits {
  /** For a connection to be opened and greeted. */
  connectMs: number;
  /** For the next word of a relay that owes one. */
  silenceMs: number;
  /** For one mail with its wait for a connection, however much the relay has to say. Below the time-out of the worker's step. */
  totalMs: number;
}

export const mailLimits: MailLimits = { connectMs: 5_000, silenceMs: 10_000, totalMs: 25_000 };

/** Sends through the relay of an SMTP URL, with `from` as the author. */
export function createMailer(smtpUrl: string, from: string, more: Partial<MailLimits> = {}): Mailer {
  const { connectMs, silenceMs, totalMs } = { ...mailLimits, ...more };
  const timeouts = { dnsTimeout: connectMs, connectionTimeout: connectMs, greetingTimeout: connectMs, socketTimeout: silenceMs };
  const transport = createTransport({ url: smtpUrl, ...pool, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
  return {
    async send({ to, subject, text, html, messageId, envelopeFrom }) {
      // Half a character would be written as another one, and a control character ends the command.
      if (!to.isWellFormed() || !/^[^\s\p{Cc}<>,;:"()[\]\\]+@[^\s\p{Cc}<>,;:"()[\]\\@]+$/u.test(to)) {
        return { outcome: 'failed_permanently', code: 'recipient_invalid', response: 'The address cannot be written in an SMTP command.' };
      }
      const signal = AbortSignal.timeout(totalMs);
      try {
        const { response } = await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject: singleLine(subject),
          text,
          html,
          messageId: `<${messageId.replace(/^<|>$/g, '')}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          envelope: { from: envelopeFrom, to },
          // Ends the connection that the mail is on, so that the next one gets another.
          signal,
        });
        return { outcome: 'accepted', response: withoutPerson(response, to) };
      } catch (error) {
        if (signal.aborted) throw new MailFault('ETIMEDOUT', `Mail was not handed over within ${totalMs / 1000} s.`);
        return settle(error as SmtpError, to);
      }
    },
    close: () => transport.close(),
  };
}

/** What nodemailer adds to its errors: its own code, the relay's reply, and the command that was answered. */
interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
  response?: string;
  command?: string;
}

function settle(error: SmtpError, to: string): SendOutcome {
  const response = withoutPerson(error.response ?? error.message, to);
  if (isRefusal(error) || isUnwritable(error, to))
    return { outcome: 'failed_permanently', code: String(error.responseCode ?? 'recipient_invalid'), response };
  // The cause is left out on purpose: it carries the recipient's address into logs and histories.
  throw new MailFault(
    error.code ?? 'unknown',
    `Mail was not handed over (${error.code ?? 'unknown'}, ${error.command ?? 'CONN'}): ${response}`,
  );
}

const refusableCommands = ['MAIL FROM', 'RCPT TO', 'DATA'];
// Authentication required, mechanism too weak, credentials wrong, encryption required, and commands the relay does not speak.
const setUpCodes = [500, 502, 503, 504, 530, 534, 535, 538];
// RFC 3463 and its registry. 5.1.7 and 5.1.8: our sender's address; 5.7.0: security in general, 5.7.8: credentials invalid, 5.7.9: mechanism
// too weak, 5.7.11: encryption needed.
const setUpStatus = /^\d{3}[ -]5\.(1\.[78]|7\.(0|8|9|11))\b/;

function isRefusal({ responseCode = 0, response = '', command = '' }: SmtpError): boolean {
  const isPermanent = responseCode >= 500 && responseCode < 600;
  return isPermanent && refusableCommands.includes(command) && !setUpCodes.includes(responseCode) && !setUpStatus.test(response);
}

/**
 * A relay that does not speak SMTPUTF8 answers an address in other scripts with whatever it has for a command that it cannot read, and
 * nodemailer refuses one that no command can carry before it asks. Another attempt would bring the same.
 */
function isUnwritable({ responseCode = 0, code = '', command = '' }: SmtpError, to: string): boolean {
  if (code === 'EENVELOPE' && command === 'API') return true;
  return responseCode >= 500 && responseCode < 600 && command === 'RCPT TO' && /[^\0-\x7f]/.test(to);
}

function singleLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** Servers repeat the address, or the part before the @ alone, also in links where it is escaped. */
function withoutPerson(response: string, to: string): string {
  const mailbox = to.slice(0, to.lastIndexOf('@')).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return (
    singleLine(response)
      .replace(/<?[^\s<>"]+(?:@|%40|=40)[^\s<>"]+>?/gi, '<address>')
      .replace(new RegExp(`(?<![\\p{L}\\p{N}])${mailbox}(?![\\p{L}\\p{N}])`, 'giu'), '<mailbox>')
      .slice(0, 300)
      // A character of two units may have been cut in half, and the database takes no half.
      .toWellFormed()
  );
}
