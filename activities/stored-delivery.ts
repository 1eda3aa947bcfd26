import type { DataSource } from 'typeorm';
import { prepared } from '#libs/event-store/index.js';
import { MailFault } from '#libs/notices/index.js';
import { noticeStep } from '../temporal.config.js';

/** A recipient of a notice, or a letter. */
export interface DeliveryReference {
  kind: 'notice' | 'letter';
  id: string;
}

/** What a mail server answered for good, or why none can be asked. */
export interface DeliveryAnswer {
  outcome: 'accepted' | 'failed';
  /** The server's reply code, or `recipient_invalid` or `address_erased`; null for an accepted mail. */
  code: string | null;
  /** Names no address. */
  response: string;
}

const places = { notice: ['notice_recipients', 'recipient_id'], letter: ['letters', 'letter_id'] } as const;

/** No mail server was asked about these. */
const undeliverable = ['recipient_invalid', 'address_erased'];

/** Stores the answer for a mail, and with it that its trouble is over or final. May be repeated. Returns the instant at which it was stored. */
export async function storeAnswer(
  source: DataSource,
  { kind, id }: DeliveryReference,
  { outcome, code, response }: DeliveryAnswer,
): Promise<string> {
  const [table, key] = places[kind];
  const trouble = outcome === 'accepted' ? null : undeliverable.includes(code ?? '') ? 'undeliverable' : 'failed';
  const sql = prepared(`
    UPDATE ${table} SET outcome = $2, settled_at = cpor_now(), response = $3, trouble = $4, fault_code = $5, fault = NULL, next_attempt_at = NULL,
      trouble_since = CASE WHEN $4::text IS NOT NULL THEN coalesce(trouble_since, cpor_now()) END
    WHERE ${key} = $1 RETURNING settled_at AS "settledAt"`);
  const [[row]] = await source.query<[[{ settledAt: Date }], number]>(sql, [id, outcome, response, trouble, code]);
  return row.settledAt.toISOString();
}

/**
 * Stores why an attempt failed that will be repeated, for operators; `attempt` is the activity's, which sets the pause. Never throws: the
 * fault itself is the one to report.
 */
export async function storeFault(source: DataSource, { kind, id }: DeliveryReference, error: unknown, attempt: number): Promise<void> {
  const [table, key] = places[kind];
  const { code, text } = faultOf(error);
  const { initialInterval, backoffCoefficient, maximumInterval } = noticeStep.retry;
  await source
    .query(
      `UPDATE ${table} SET trouble = 'retrying', trouble_since = coalesce(trouble_since, cpor_now()), fault_code = $2, fault = $3,
         next_attempt_at = cpor_now() + least($4::interval, $5::interval * power($6::float, least($7::int - 1, 30)))
       WHERE ${key} = $1 AND outcome IS NULL AND trouble IS DISTINCT FROM 'held'`,
      [id, code, text, maximumInterval, initialInterval, backoffCoefficient, attempt],
    )
    .catch(() => undefined);
}

/** Messages other than the mailer's may contain personal data: the database's quote rows. */
function faultOf(error: unknown): { code: string; text: string } {
  if (error instanceof MailFault) return { code: error.code, text: error.message };
  return {
    code: 'internal',
    text: `The attempt ended with ${error instanceof Error ? error.name : 'a fault'}. The worker's log has more.`,
  };
}
