import { heartbeat } from '@temporalio/activity';
import { hashToken, linkToken, renderTelling, type SendOutcome, textVersion } from '#libs/notices/index.js';
import { readUnsentLetters, type WaitingLetter } from '#libs/read-models/index.js';
import type { ActivityDependencies } from './dependencies.js';
import { writeDown } from './write-down.js';

/** A round ends well before its time-out, however slow the relay: an attempt that goes on beside the next one could write twice. */
const roundLimitMs = 60_000;

/**
 * Sends the letters of a claim that have no answer from a mail server yet. Each answer is written down before the next mail, so that a
 * repeat writes to nobody twice; a crash between the server's answer and that write can, and such a mail carries the same Message-ID.
 * Fails, to be tried again, while a letter is left that the relay has neither taken nor refused.
 */
export const sendLettersActivity =
  (dependencies: ActivityDependencies) =>
  async ({ claimId }: { claimId: string }): Promise<void> => {
    const letters = await readUnsentLetters(dependencies.source, dependencies.library, claimId);
    const stopsAt = Date.now() + roundLimitMs;
    let fault: Error | undefined;
    for (const letter of letters) {
      if (Date.now() > stopsAt) fault ??= new Error(`Letters of claim ${claimId} are left for the next round.`);
      if (Date.now() > stopsAt) break;
      heartbeat();
      try {
        await send(dependencies, letter);
      } catch (error) {
        fault = error as Error;
      }
    }
    if (fault !== undefined) throw fault;
  };

async function send(dependencies: ActivityDependencies, letter: WaitingLetter): Promise<void> {
  const { source } = dependencies;
  await source.query('UPDATE letters SET attempts = attempts + 1, attempted_at = cpor_now(), text_version = $2 WHERE letter_id = $1', [
    letter.letterId,
    textVersion,
  ]);
  const { outcome, response } = await mail(dependencies, letter);
  const settled = [letter.letterId, outcome === 'accepted' ? 'accepted' : 'failed', response];
  await writeDown(() =>
    source.query('UPDATE letters SET outcome = $2, settled_at = cpor_now(), response = $3 WHERE letter_id = $1', settled),
  );
}

async function mail(dependencies: ActivityDependencies, { letterId, email, recipientId, view }: WaitingLetter): Promise<SendOutcome> {
  const { mailer, mailFrom } = dependencies;
  if (email === null) return { outcome: 'failed_permanently', code: 'address_erased', response: 'The address was erased.' };
  const url = recipientId === null ? null : await linkOf(dependencies, recipientId);
  const { subject, text, html } = renderTelling({ ...view, url });
  const domain = mailFrom.slice(mailFrom.lastIndexOf('@') + 1).replace(/>$/, '');
  const messageId = `letter-${letterId}@${domain}`;
  return mailer.send({ to: email, subject, text, html, messageId, envelopeFrom: `bounce+${letterId}@${domain}` });
}

/** The recipient's own link, which works from now on even if an answer overtook the notice that was to bring it. */
async function linkOf({ source, publicUrl, linkKey }: ActivityDependencies, recipientId: string): Promise<string> {
  const token = linkToken(linkKey, recipientId);
  await source.query('UPDATE notice_recipients SET token_hash = $2 WHERE recipient_id = $1 AND token_hash IS NULL', [
    recipientId,
    hashToken(token),
  ]);
  return `${publicUrl}/n/${token}`;
}
