import { heartbeat } from '@temporalio/activity';
import type { ActivityDependencies } from './dependencies.js';

interface LetterRow {
  letter_id: string;
  kind: string;
  about: Record<string, unknown>;
  email: string | null;
}

/** Sends the letters of a claim that have no answer from a mail server yet, and writes each answer down before the next mail. */
export const sendLettersActivity =
  ({ source, mailer, mailFrom }: ActivityDependencies) =>
  async ({ claimId }: { claimId: string }): Promise<void> => {
    const letters = await source.query<LetterRow[]>(
      `SELECT letter_id, l.kind, about, p.content ->> 'email' AS email
       FROM letters l LEFT JOIN personal_data p USING (person_id) WHERE l.claim_id = $1 AND outcome IS NULL ORDER BY event_version, letter_id`,
      [claimId],
    );
    for (const { letter_id: letterId, kind, about, email } of letters) {
      heartbeat();
      await source.query('UPDATE letters SET attempts = attempts + 1, attempted_at = cpor_now() WHERE letter_id = $1', [letterId]);
      const text = `${kind}\n\n${JSON.stringify(about, null, 2)}\n`;
      const messageId = `letter-${letterId}@${mailFrom.slice(mailFrom.lastIndexOf('@') + 1).replace(/>$/, '')}`;
      const sent =
        email === null
          ? { outcome: 'failed', response: 'The address was erased.' }
          : await mailer.send({ to: email, subject: kind, text, html: `<pre>${kind}</pre>`, messageId, envelopeFrom: mailFrom });
      await source.query('UPDATE letters SET outcome = $2, settled_at = cpor_now(), response = $3 WHERE letter_id = $1', [
        letterId,
        sent.outcome === 'accepted' ? 'accepted' : 'failed',
        sent.response,
      ]);
    }
  };
