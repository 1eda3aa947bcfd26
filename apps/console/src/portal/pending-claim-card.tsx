import { useState } from 'react';
import { Link } from 'react-router';
import type { PendingClaim } from '../client/index.js';
import { Badge, Button } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { AnswerDialog, type AnswerKind } from './answer-dialog.js';
import { mailWords } from './mail-words.js';
import { Period } from './period.js';
import { ExplanationLink } from './portal-frame.js';
import { texts } from './texts.js';
import type { Receipt } from './use-answer.js';

interface Props {
  claim: PendingClaim;
  tenantId: string;
  onDone: (receipt: Receipt) => void;
}

/** A claim that waits: who asks for what, what silence means and until when, and the two answers. Details are folded away. */
export function PendingClaimCard({ claim, tenantId, onDone }: Props) {
  const mail = useTexts(mailWords);
  const [open, setOpen] = useState<AnswerKind | null>(null);
  const { claimId, number, legalName: partner, partnerId, lines, consent, vendor, isPartnerBlocked } = claim;
  const acceptable = lines.filter(({ isAccepted }) => !isAccepted);
  const isRenewal = lines.every(({ renews }) => renews !== null);
  const refuse = (
    <Button key="refuse" onClick={() => setOpen('refuse')}>
      {mail('refuse')} …
    </Button>
  );
  const accept = acceptable.length > 0 && (
    <Button key="accept" kind={consent === 'opt_in' ? 'primary' : 'secondary'} onClick={() => setOpen('accept')}>
      {mail('accept')} …
    </Button>
  );
  return (
    <li>
      <article className="card" aria-labelledby={`claim-${claimId}`}>
        <h2 id={`claim-${claimId}`}>{mail(isRenewal ? 'renewed' : 'asked', { partner })}</h2>
        <p className="small muted">
          {mail('partnerWithId', { partner, partnerId })} · {mail('number')} {number}
        </p>
        <ul className="portal-lines" aria-label={mail('products')}>
          {lines.map((line) => (
            <Line key={line.line} line={line} />
          ))}
        </ul>
        <Period claim={claim} />
        <div className="big-buttons">{consent === 'opt_in' ? [accept, refuse] : [refuse, accept]}</div>
        <Details claim={claim} />
      </article>
      {open !== null && (
        <AnswerDialog
          kind={open}
          tenantId={tenantId}
          claimId={claimId}
          partner={partner}
          vendor={vendor.name}
          lines={open === 'accept' ? acceptable : lines}
          isPartnerBlocked={isPartnerBlocked}
          onClose={() => setOpen(null)}
          onDone={(receipt) => {
            setOpen(null);
            onDone(receipt);
          }}
        />
      )}
    </li>
  );
}

function Line({ line: { product, activities, renews, isAccepted } }: { line: PendingClaim['lines'][number] }) {
  const mail = useTexts(mailWords);
  const format = useFormat();
  const doing = activities.map((code) => (code in known ? mail(known[code]!) : mail('activity_other', { code })));
  return (
    <li>
      <strong>{product}</strong>: {mail('work', { activities: format.list(doing) })}
      {renews !== null && <>; {mail('renews', { target: renews })}</>}
      {isAccepted && (
        <div>
          <Badge tone="success">{mail('isAccepted')}</Badge>
        </div>
      )}
    </li>
  );
}

const known: Record<string, 'activity_presales' | 'activity_usage' | 'activity_revenue_association'> = {
  presales: 'activity_presales',
  usage: 'activity_usage',
  revenue_association: 'activity_revenue_association',
};

function Details({ claim: { claimId, programme, vendor, evidence } }: { claim: PendingClaim }) {
  const t = useTexts(texts);
  const mail = useTexts(mailWords);
  const format = useFormat();
  const nameOf = ({ fileName, signedOn }: PendingClaim['evidence'][number]) => {
    const name = fileName ?? t('erasedFile');
    return signedOn === null ? mail('unsigned', { fileName: name }) : mail('signed', { fileName: name, date: format.date(signedOn) });
  };
  return (
    <>
      <details>
        <summary>{mail('seenTitle')}</summary>
        <ul className="bullets prose">
          {([1, 2, 3] as const).map((number) => (
            <li key={number}>{mail(`seen_${number}`)}</li>
          ))}
        </ul>
        <p className="prose">{mail('nothingElse')}</p>
      </details>
      {evidence.length > 0 && (
        <details>
          <summary>{mail('evidenceTitle')}</summary>
          <p className="prose">{mail('evidenceIntro')}</p>
          <ul className="bullets">
            {evidence.map((file, index) => (
              <li key={index}>{nameOf(file)}</li>
            ))}
          </ul>
        </details>
      )}
      <p className="row small">
        <Link to={`/portal/claims/${claimId}`}>{t('history')}</Link>
        <ExplanationLink programme={programme} />
        <a href={`mailto:${vendor.contactEmail}`}>{mail('questions', { vendor: vendor.name })}</a>
      </p>
    </>
  );
}
