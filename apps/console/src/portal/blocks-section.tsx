import { useState } from 'react';
import type { PartnerBlock } from '../client/index.js';
import { Button } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { UnblockDialog } from './block-dialogs.js';
import { texts } from './texts.js';
import type { Receipt } from './use-answer.js';

interface Props {
  blocks: PartnerBlock[];
  tenantId: string;
  onDone: (receipt: Receipt, partner: string) => void;
}

/** Whose claims the customer refuses in advance. */
export function BlocksSection({ blocks, tenantId, onDone }: Props) {
  const t = useTexts(texts);
  const format = useFormat();
  const [open, setOpen] = useState<PartnerBlock | null>(null);
  return (
    <section className="stack-tight" aria-labelledby="blocks">
      <h2 id="blocks">{t('blocksTitle')}</h2>
      {blocks.length === 0 ? (
        <p className="muted">{t('noBlocks')}</p>
      ) : (
        <ul className="portal-lines">
          {blocks.map((block) => (
            <li key={block.blockId} className="row-between">
              <span>
                <strong>{block.legalName}</strong>{' '}
                <span className="muted">{t('blockedSince', { at: format.instant(block.blockedAt) })}</span>
              </span>
              <Button onClick={() => setOpen(block)}>{t('unblock')} …</Button>
            </li>
          ))}
        </ul>
      )}
      {open !== null && (
        <UnblockDialog
          tenantId={tenantId}
          block={open}
          onClose={() => setOpen(null)}
          onDone={(receipt) => {
            setOpen(null);
            onDone(receipt, open.legalName);
          }}
        />
      )}
    </section>
  );
}
