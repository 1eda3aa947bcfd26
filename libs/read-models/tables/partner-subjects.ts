import type { EntityManager } from 'typeorm';

/** Records who has acted for a partner: they may never review any claim of that partner (R21). */
export async function writePartnerSubjects(manager: EntityManager, partnerAccountId: string, subjects: string[]): Promise<void> {
  if (subjects.length === 0) return;
  await manager.query('INSERT INTO partner_subjects (subject, partner_account_id) SELECT unnest($1::text[]), $2 ON CONFLICT DO NOTHING', [
    subjects.toSorted(),
    partnerAccountId,
  ]);
}
