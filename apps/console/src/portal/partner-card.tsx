import { useState } from 'react';
import { Link } from 'react-router';
import type { Association } from '../client/index.js';
import { Badge, Button } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { AnswerDialog } from './answer-dialog.js';
import { BlockDialog } from './block-dialogs.js';
import { mailWords } from './mail-words.js';
import { texts } from './texts.js';
import type { Receipt } from './use-answer.js';

interface Props {
  /** Those of one claim. */
  associations: Association[];
  tenantId: string;
  isBlocked: boolean;
  nameOf: (association: Association) => string;
  onDone: (receipt: Receipt, partner: string) => void;
}

/** A partner by one of its claims: for which products, since when and until when, and how to end it. */
export function PartnerCard({ associations, tenantId, isBlocked, nameOf, onDone }: Props) {
  const t = useTexts(texts);
  const mail = useTexts(mailWords);
  const format = useFormat();
  const [open, setOpen] = useState<'end' | 'block' | null>(null);
  const { claimId, number, partnerId, partnerAccountId, partnerName } = associations[0]!;
  const partner = partnerName ?? partnerId;
  const live = associations.filter(({ isLive }) => isLive);
  const close = () => setOpen(null);
  const done = (receipt: Receipt) => {
    close();
    onDone(receipt, partner);
  };
  return (
    <li>
      <article className="card" aria-labelledby={`partner-${claimId}`}>
        <div className="row-between">
          <h2 id={`partner-${claimId}`}>{partner}</h2>
          <span className="row">
            {isBlocked && <Badge tone="warning">{t('blocked')}</Badge>}
            {live.length > 0 ? <Badge tone="success">{t('live')}</Badge> : <Badge>{t('ended')}</Badge>}
          </span>
        </div>
        <p className="small muted">
          PartnerID {partnerId} · {mail('number')} {number}
        </p>
        <ul className="portal-lines" aria-label={mail('products')}>
          {associations.map((association) => (
            <li key={association.associationId}>
              <strong>{nameOf(association)}</strong>
              <div>
                {association.endedAt === null
                  ? t('since', { at: format.instant(association.officialAt) })
                  : t('period', { from: format.instant(association.officialAt), to: format.instant(association.endedAt) })}
              </div>
            </li>
          ))}
        </ul>
        <div className="big-buttons">
          {live.length > 0 && (
            <Button kind="danger" onClick={() => setOpen('end')}>
              {mail('end')} …
            </Button>
          )}
          {!isBlocked && <Button onClick={() => setOpen('block')}>{t('blockPartner')} …</Button>}
        </div>
        <p className="row small">
          <Link to={`/portal/claims/${claimId}`}>{t('history')}</Link>
          <Link to={`/portal/accesses?partnerId=${partnerId}`}>{t('tab_accesses')}</Link>
        </p>
      </article>
      {open === 'end' && (
        <AnswerDialog
          kind="end"
          tenantId={tenantId}
          claimId={claimId}
          partner={partner}
          vendor=""
          lines={live.map((association) => ({ line: association.line, product: nameOf(association) }))}
          isPartnerBlocked={isBlocked}
          onDone={done}
          onClose={close}
        />
      )}
      {open === 'block' && (
        <BlockDialog tenantId={tenantId} partner={partner} partnerAccountId={partnerAccountId} onDone={done} onClose={close} />
      )}
    </li>
  );
}
