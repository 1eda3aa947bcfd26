import type { DataSource } from 'typeorm';
import type { EngineClaim } from '#libs/engine/index.js';
import { linkHash, type MailKind, noticeKindSql } from '#libs/notices/index.js';

/*
 * After a restore to an earlier instant, mails that have no answer in the restored record may have been sent in the time that was lost. They are
 * held until a person has looked at the relay's log, and then released, or, if they are letters, recorded as sent. A notice is never recorded as
 * sent by hand: its window begins with what a mail server said.
 */

/** A mail that waits for a person. */
export interface HeldMail {
  mail: 'notice' | 'letter';
  kind: MailKind;
  /** The recipient's or the letter's: with `mail` it makes the Message-ID, by which a relay's log is searched. */
  id: string;
  claimId: string;
  number: string;
  /** Attempts that the record knows of. */
  attempts: number;
  heldSince: Date;
}

export interface HoldReport {
  mails: number;
  claims: number;
}

const held = `trouble = 'held', trouble_since = cpor_now(), fault_code = 'held', next_attempt_at = NULL,
  fault = 'Held after a restore until somebody releases it: it may have been sent before.'`;
const free = 'trouble = NULL, trouble_since = NULL, fault_code = NULL, fault = NULL, next_attempt_at = NULL';

/**
 * Holds every mail that is still to be sent and has no answer, and makes the links of notices valid: their mails may be in the customers' hands.
 * May be repeated. Call it while nothing sends.
 */
export function holdMails(source: DataSource, maker: { linkKey: Uint8Array }): Promise<HoldReport> {
  return source.transaction(async (manager) => {
    const notices = await manager.query<[{ claimId: string; recipientId: string }[], number]>(`
      UPDATE notice_recipients r SET ${held} FROM claims c
      WHERE c.claim_id = r.claim_id AND r.outcome IS NULL AND r.trouble IS DISTINCT FROM 'held' AND c.position -> 'noticesToSend' ? r.notice_id::text
      RETURNING r.claim_id AS "claimId", r.recipient_id AS "recipientId"`);
    for (const { recipientId } of notices[0])
      await manager.query('UPDATE notice_recipients SET token_hash = coalesce(token_hash, $2) WHERE recipient_id = $1', [
        recipientId,
        linkHash(maker, recipientId),
      ]);
    const letters = await manager.query<[{ claimId: string }[], number]>(
      `UPDATE letters SET ${held} WHERE outcome IS NULL AND trouble IS DISTINCT FROM 'held' RETURNING claim_id AS "claimId"`,
    );
    const all = [...notices[0], ...letters[0]];
    return { mails: all.length, claims: new Set(all.map(({ claimId }) => claimId)).size };
  });
}

/** Reads the mails that are held, those of one claim together. */
export const heldMails = (source: DataSource): Promise<HeldMail[]> =>
  source.query<HeldMail[]>(`
    SELECT 'notice' AS mail, ${noticeKindSql} AS kind, r.recipient_id AS id, r.claim_id AS "claimId", c.number, r.attempts, r.trouble_since AS "heldSince"
    FROM notice_recipients r JOIN claims c USING (claim_id) WHERE r.trouble = 'held'
    UNION ALL
    SELECT 'letter', l.kind, l.letter_id, l.claim_id, c.number, l.attempts, l.trouble_since
    FROM letters l JOIN claims c USING (claim_id) WHERE l.trouble = 'held'
    ORDER BY number, mail DESC, id`);

const ofClaims = '($1::uuid[] IS NULL OR claim_id = ANY($1))';

/** Lets held mails be sent; null means those of all claims. Returns the claims to wake. */
export const releaseMails = (source: DataSource, claimIds: string[] | null): Promise<EngineClaim[]> =>
  source.query<EngineClaim[]>(
    `WITH notices AS (UPDATE notice_recipients SET ${free} WHERE trouble = 'held' AND ${ofClaims} RETURNING claim_id),
       letters AS (UPDATE letters SET ${free} WHERE trouble = 'held' AND ${ofClaims} RETURNING claim_id)
     SELECT claim_id AS "claimId", partner_account_id AS "partnerAccountId" FROM claims
     WHERE claim_id IN (SELECT claim_id FROM notices UNION SELECT claim_id FROM letters)`,
    [claimIds],
  );

/** Records held letters as sent, so that nobody gets them twice; null means those of all claims. Returns how many. */
export async function recordLettersSent(source: DataSource, claimIds: string[] | null): Promise<number> {
  const [, letters] = await source.query<[unknown, number]>(
    `UPDATE letters SET ${free}, outcome = 'accepted', settled_at = cpor_now(), response = 'An operator recorded that it was sent before a restore.'
     WHERE trouble = 'held' AND ${ofClaims}`,
    [claimIds],
  );
  return letters;
}
