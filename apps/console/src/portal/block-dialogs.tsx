import { call } from '../api/index.js';
import { blocksBlock, blocksLift, type PartnerBlock } from '../client/index.js';
import { useTexts } from '../i18n/index.js';
import { ActDialog } from './act-dialog.js';
import { texts } from './texts.js';
import type { Receipt } from './use-answer.js';

interface Props {
  tenantId: string;
  onDone: (receipt: Receipt) => void;
  onClose: () => void;
}

export function BlockDialog({ tenantId, partner, partnerAccountId, ...more }: Props & { partner: string; partnerAccountId: string }) {
  const t = useTexts(texts);
  return (
    <ActDialog
      {...more}
      tenantId={tenantId}
      title={t('blockTitle', { partner })}
      meaning={([1, 2, 3] as const).map((number) => t(`blockMeans_${number}`, { partner }))}
      button={t('blockPartner')}
      kind="danger"
      reasonLabel={t('blockReason')}
      send={(key, reason) =>
        call(() =>
          blocksBlock({
            path: { tenantId },
            headers: { 'Idempotency-Key': key },
            body: { partnerAccountId, ...(reason !== '' && { reason }) },
          }),
        )
      }
    />
  );
}

export function UnblockDialog({ tenantId, block, ...more }: Props & { block: PartnerBlock }) {
  const t = useTexts(texts);
  const { blockId, legalName: partner } = block;
  return (
    <ActDialog
      {...more}
      tenantId={tenantId}
      title={t('unblockTitle', { partner })}
      meaning={([1, 2] as const).map((number) => t(`unblockMeans_${number}`, { partner }))}
      button={t('unblock')}
      kind="primary"
      reasonLabel={null}
      send={() => call(() => blocksLift({ path: { tenantId, blockId } }))}
    />
  );
}
