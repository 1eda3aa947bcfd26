import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, heartbeat } from '@temporalio/activity';
import { type Mail, messageIdOf, type SendOutcome } from '#libs/notices/index.js';
import type { ActivityDependencies } from './dependencies.js';
import type { DeliveryAnswer } from './stored-delivery.js';

type Relay = Pick<ActivityDependencies, 'mailer' | 'mailFrom'>;

/** A mail to one recipient that no mail server has answered yet. */
export interface WaitingMail {
  kind: 'notice' | 'letter';
  /** The same at every attempt: with the kind it makes the Message-ID. */
  id: string;
  /** Null once the address was erased. */
  email: string | null;
  /** Stores the attempt and renders the mail. Returns null when it must not be sent any more. */
  attempt(): Promise<Mail | null>;
  /** Stores the answer of the mail server. May be repeated. */
  store(answer: DeliveryAnswer): Promise<unknown>;
  /** Stores why an attempt failed that will be repeated; `attempt` is the activity's, from 1. Called for failed attempts only. */
  storeFault(error: unknown, attempt: number): Promise<unknown>;
}

/** A round ends well before the activity's timeout, however slow the relay: an attempt that overlaps the next one could send twice. */
const roundLimitMs = 60_000;

/**
 * Sends mails one after the other for at most a minute. Each answer is stored before the next mail, so a retry sends nothing twice; only a
 * crash between the mail server's answer and that write can, and then the repeated mail carries the same Message-ID. Returns why mails are
 * left for a retry, or null when none are.
 */
export async function deliverMails(dependencies: Relay, mails: WaitingMail[]): Promise<Error | null> {
  const stopsAt = Date.now() + roundLimitMs;
  let fault: Error | null = null;
  for (const mail of mails) {
    if (Date.now() > stopsAt) return fault ?? new Error('The time for this round is over; the remaining mails are sent in the next one.');
    heartbeat();
    try {
      await deliver(dependencies, mail);
    } catch (error) {
      fault = error as Error;
      await mail.storeFault(error, activityInfo().attempt);
    }
  }
  return fault;
}

async function deliver(dependencies: Relay, waiting: WaitingMail): Promise<void> {
  const mail = await waiting.attempt();
  if (mail === null) return;
  const answer = answerOf(await send(dependencies, waiting, mail));
  await retryWrite(() => waiting.store(answer));
}

const answerOf = (sent: SendOutcome): DeliveryAnswer =>
  sent.outcome === 'accepted'
    ? { outcome: 'accepted', code: null, response: sent.response }
    : { outcome: 'failed', code: sent.code, response: sent.response };

async function send({ mailer, mailFrom }: Relay, { kind, id, email }: WaitingMail, { subject, text, html }: Mail): Promise<SendOutcome> {
  if (email === null) return { outcome: 'failed_permanently', code: 'address_erased', response: 'The address was erased.' };
  const domain = mailFrom.slice(mailFrom.lastIndexOf('@') + 1).replace(/>$/, '');
  // A bounce comes back to an address that names the mail, not the person.
  const envelopeFrom = `bounce+${id}@${domain}`;
  return mailer.send({ to: email, subject, text, html, messageId: messageIdOf(kind, id, domain), envelopeFrom });
}

/** A round and its last write still fit into the activity's timeout. */
const writeLimitMs = 20_000;
const pauseMs = 500;

/** Retries a write for a while when the database is away: an answer that is not stored means that the mail is sent again. */
async function retryWrite(write: () => Promise<unknown>): Promise<void> {
  const givesUpAt = Date.now() + writeLimitMs;
  for (;;) {
    try {
      await write();
      return;
    } catch (error) {
      if (Date.now() > givesUpAt) throw error;
      heartbeat();
      await sleep(pauseMs);
    }
  }
}
