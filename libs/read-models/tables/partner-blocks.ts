import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '#libs/event-store/index.js';

/** Records that a customer has blocked a partner, or has lifted the block. */
export async function writePartnerBlock(manager: EntityManager, claimId: string, event: RecordedEvent): Promise<void> {
  if (event.type !== 'PartnerBlocked' && event.type !== 'PartnerUnblocked') return;
  const { type, at, data } = event;
  await manager.query(
    type === 'PartnerBlocked'
      ? 'INSERT INTO partner_blocks (claim_id, tenant_id, partner_account_id, blocked_at) VALUES ($1, $2, $3, $4)'
      : `UPDATE partner_blocks SET lifted_at = $4
         WHERE claim_id = $1 AND tenant_id = $2 AND partner_account_id = $3 AND lifted_at IS NULL`,
    [claimId, data.tenantId, data.partnerAccountId, at],
  );
}
