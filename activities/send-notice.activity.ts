import { heartbeat } from '@temporalio/activity';
import { type NoticeDelivery, positionOf, systemActor } from '#libs/claims/index.js';
import { commandIdOf, sendCommand } from '#libs/inbox/index.js';
import { hashToken, linkToken, renderChoice, renderNotice, type SendOutcome, textVersion } from '#libs/notices/index.js';
import { type ChoiceLetter, type NoticeLetter, readLetter } from '#libs/read-models/index.js';
import type { ActivityDependencies } from './dependencies.js';
import { writeDown } from './write-down.js';

export interface NoticeReference {
  claimId: string;
  noticeId: string;
}

/** A round ends well before its time-out, however slow the relay: an attempt that goes on beside the next one could write twice. */
const roundLimitMs = 60_000;

interface RecipientRow {
  recipient_id: string;
  email: string | null;
  outcome: 'accepted' | 'failed' | null;
  settled_at: Date | null;
  response: string | null;
}

/**
 * Sends a notice to the recipients that have no answer from a mail server yet, and puts what became of it into the claim's inbox.
 * Each answer is written down before the next mail, so that a repeat writes to nobody twice; a crash between the server's answer and
 * that write can, and such a mail carries the same Message-ID. Fails, to be tried again, when no recipient could be settled.
 */
export const sendNoticeActivity =
  (dependencies: ActivityDependencies) =>
  async ({ claimId, noticeId }: NoticeReference): Promise<void> => {
    const { source } = dependencies;
    const recipients = await source.query<RecipientRow[]>(
      `SELECT r.recipient_id, p.content ->> 'email' AS email, r.outcome, r.settled_at, r.response
       FROM notice_recipients r LEFT JOIN personal_data p USING (person_id) WHERE r.notice_id = $1 ORDER BY r.recipient_id`,
      [noticeId],
    );
    const stopsAt = Date.now() + roundLimitMs;
    let fault: Error | undefined;
    let isPointless = false;
    for (const recipient of recipients.filter((one) => one.outcome === null)) {
      if (isPointless || Date.now() > stopsAt) break;
      heartbeat();
      try {
        isPointless = !(await sendTo(dependencies, recipient, noticeId));
      } catch (error) {
        fault = error as Error;
      }
    }
    const settled = recipients.flatMap((one) => delivery(one) ?? []);
    if (settled.length === 0 && isPointless) return;
    if (settled.length === 0) throw fault ?? new Error(`Notice ${noticeId} has no recipients.`);
    const commandId = commandIdOf('cpor', noticeId, settled.map((one) => one.recipientId).join());
    const accepted = await sendCommand(source.manager, {
      commandId,
      claimId,
      type: 'recordNoticeDelivery',
      actor: systemActor,
      body: { noticeId, results: settled },
      request: { noticeId },
    });
    // Nothing new since the last time: the rest is still waiting for the relay.
    if (accepted.result === 'repeated' && fault !== undefined) throw fault;
  };

/** Returns false when the notice has become pointless: the claim was withdrawn or declined meanwhile. */
async function sendTo(dependencies: ActivityDependencies, recipient: RecipientRow, noticeId: string): Promise<boolean> {
  const { source, library, publicUrl, linkKey } = dependencies;
  const recipientId = recipient.recipient_id;
  const token = linkToken(linkKey, recipientId);
  const letter = await readLetter(source, library, { recipientId }, `${publicUrl}/n/${token}`);
  if (letter === null || !positionOf(letter.state).noticesToSend.includes(noticeId)) return false;
  await source.query(
    `UPDATE notice_recipients SET attempts = attempts + 1, attempted_at = cpor_now(), token_hash = $2, text_version = $3
     WHERE recipient_id = $1`,
    [recipientId, hashToken(token), textVersion],
  );
  const sent = await mailTo(dependencies, recipient, letter);
  const outcome = sent.outcome === 'accepted' ? 'accepted' : 'failed';
  const settledAt = await writeDown(() => settle(dependencies, recipientId, outcome, sent.response));
  Object.assign(recipient, { outcome, settled_at: settledAt, response: sent.response });
  return true;
}

async function settle({ source }: ActivityDependencies, recipientId: string, outcome: string, response: string): Promise<Date> {
  const [[row]] = await source.query<[[{ settled_at: Date }]]>(
    'UPDATE notice_recipients SET outcome = $2, settled_at = cpor_now(), response = $3 WHERE recipient_id = $1 RETURNING settled_at',
    [recipientId, outcome, response],
  );
  return row.settled_at;
}

async function mailTo(
  { mailer, mailFrom }: ActivityDependencies,
  recipient: RecipientRow,
  letter: NoticeLetter | ChoiceLetter,
): Promise<SendOutcome> {
  if (recipient.email === null) return { outcome: 'failed_permanently', code: 'address_erased', response: 'The address was erased.' };
  const { subject, text, html } = letter.kind === 'choice' ? renderChoice(letter.view) : renderNotice(letter.view);
  const domain = mailFrom.slice(mailFrom.lastIndexOf('@') + 1).replace(/>$/, '');
  const messageId = `notice-${recipient.recipient_id}@${domain}`;
  // A bounce comes back to an address that names the recipient, not the person.
  const envelopeFrom = `bounce+${recipient.recipient_id}@${domain}`;
  return mailer.send({ to: recipient.email, subject, text, html, messageId, envelopeFrom });
}

function delivery({ recipient_id: recipientId, outcome, settled_at, response }: RecipientRow): NoticeDelivery | null {
  if (outcome === null || settled_at === null) return null;
  if (outcome === 'failed') return { recipientId, outcome, reason: response ?? 'unknown' };
  return { recipientId, outcome, acceptedAt: settled_at.toISOString() };
}
