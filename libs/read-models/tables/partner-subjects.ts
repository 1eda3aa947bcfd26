import type { Write } from '#libs/event-store/index.js';

/** Records who has acted for a partner: they may never review any claim of that partner (R21). */
export function partnerSubjects(partnerAccountId: string, subjects: string[]): Write[] {
  if (subjects.length === 0) return [];
  const sql = 'INSERT INTO partner_subjects (subject, partner_account_id) SELECT unnest($1::text[]), $2 ON CONFLICT DO NOTHING';
  return [{ sql, parameters: [subjects.toSorted(), partnerAccountId] }];
}
