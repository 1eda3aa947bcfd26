import { createTransport } from 'nodemailer';
import { tracing } from '#libs/tracing/index.js';

export interface OutgoingMail {
  /** One address, since each recipient has a link of its own. */
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The same at every attempt, so that a receiver recognises a repeat. With or without angle brackets. */
  messageId: string;
  /** Where the relay sends bounces. */
  envelopeFrom: string;
}

/** `code` is the relay's reply code, or `recipient_invalid` for an address that the relay was not asked about. Responses name no address. */
export type SendOutcome = { outcome: 'accepted'; response: string } | { outcome: 'failed_permanently'; code: string; response: string };

export interface Mailer {
  /** Hands a message to the relay. Throws `MailFault` when a later attempt may succeed, or when our own configuration is at fault. */
  send(mail: OutgoingMail): Promise<SendOutcome>;
  /** Closes the pooled connections. */
  close(): void;
}

/** The relay could not be reached, or refused for a reason that does not lie with the recipient. Names no address. */
export class MailFault extends Error {
  override readonly name = 'MailFault';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

// Relays delay their greeting on purpose, so connections are pooled for a burst of notices; the socket timeout closes idle ones.
const pool = { pool: true, maxConnections: 5, maxMessages: 100 } as const;

/** Milliseconds. */
export interface MailLimits {
  /** For opening a connection and receiving the greeting. */
  connectMs: number;
  /** For the relay's next reply. */
  silenceMs: number;
  /** For one mail, including its wait for a connection, however slowly the relay replies. Shorter than the activity's timeout. */
  totalMs: number;
}

export const mailLimits: MailLimits = { connectMs: 5_000, silenceMs: 10_000, totalMs: 25_000 };

function openTransport(smtpUrl: string, { connectMs, silenceMs }: MailLimits) {
  const timeouts = { dnsTimeout: connectMs, connectionTimeout: connectMs, greetingTimeout: connectMs, socketTimeout: silenceMs };
  return createTransport({ url: smtpUrl, ...pool, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
}

/** Connects to the relay and signs in, without a mail. Rejects if the relay does not answer or refuses. */
export async function checkRelay(smtpUrl: string): Promise<void> {
  const transport = openTransport(smtpUrl, mailLimits);
  await transport.verify().finally(() => transport.close());
}

/** Creates a mailer that sends through the relay at an SMTP URL, with `from` as the author. */
export function createMailer(smtpUrl: string, from: string, more: Partial<MailLimits> = {}): Mailer {
  const limits = { ...mailLimits, ...more };
  const { totalMs } = limits;
  const transport = openTransport(smtpUrl, limits);
  return {
    async send({ to, subject, text, html, messageId, envelopeFrom }) {
      // A lone surrogate would be sent as another character, and a control character ends the SMTP command.
      if (!to.isWellFormed() || !/^[^\s\p{Cc}<>,;:"()[\]\\@]+@[^\s\p{Cc}<>,;:"()[\]\\@]+$/u.test(to)) {
        return { outcome: 'failed_permanently', code: 'recipient_invalid', response: 'The address cannot be written in an SMTP command.' };
      }
      const signal = AbortSignal.timeout(totalMs);
      try {
        const { response } = await tracing().inSpan('SMTP send', {}, () =>
          transport.sendMail({
            from,
            to: { name: '', address: to },
            subject: singleLine(subject),
            text,
            html,
            messageId: `<${messageId.replace(/^<|>$/g, '')}>`,
            headers: { 'Auto-Submitted': 'auto-generated' },
            envelope: { from: envelopeFrom, to },
            // Closes the connection that this mail uses, so that the next mail gets another one.
            signal,
          }),
        );
        return { outcome: 'accepted', response: withoutPerson(response, to) };
      } catch (error) {
        if (signal.aborted) throw new MailFault('ETIMEDOUT', `Mail was not handed over within ${totalMs / 1000} s.`);
        return settle(error as SmtpError, to);
      }
    },
    close: () => transport.close(),
  };
}

/** What nodemailer adds to its errors: its own code, the relay's reply, and the command that the relay replied to. */
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
  // No `cause` on purpose: it would carry the recipient's address into logs and workflow histories.
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
 * A relay without SMTPUTF8 refuses an address in another script with whatever code it has for an unreadable command, and nodemailer refuses
 * an address that no command can carry before it asks the relay. A retry would not change either.
 */
function isUnwritable({ responseCode = 0, code = '', command = '' }: SmtpError, to: string): boolean {
  if (code === 'EENVELOPE' && command === 'API') return true;
  return responseCode >= 500 && responseCode < 600 && command === 'RCPT TO' && /[^\0-\x7f]/.test(to);
}

function singleLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** Removes the recipient's address from a reply: relays repeat it, or only the part before the @, also escaped inside links. */
function withoutPerson(response: string, to: string): string {
  const mailbox = to.slice(0, to.lastIndexOf('@')).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return (
    // Cut first: the search for addresses takes time that grows with the square of a word's length.
    singleLine(response.slice(0, 2_000))
      .replace(/<?[^\s<>"]+(?:@|%40|=40)[^\s<>"]+>?/gi, '<address>')
      .replace(new RegExp(`(?<![\\p{L}\\p{N}])${mailbox}(?![\\p{L}\\p{N}])`, 'giu'), '<mailbox>')
      .slice(0, 300)
      // The cut may have split a surrogate pair, which the database does not accept.
      .toWellFormed()
  );
}
