import type { ReactNode } from 'react';
import { call } from '../api/index.js';
import { useSave } from '../claim/use-save.js';
import { type Signature, signaturesReceiptFile } from '../client/index.js';
import { Badge, Button, Facts, type Tone } from '../design/index.js';
import { ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

const tones: Record<string, Tone> = { open: 'info', signed: 'success', declined: 'danger', expired: 'warning' };

interface Props {
  claimId: string;
  signature: Signature;
  /** The time zone in which the request ends, if it is known. */
  zone?: string | undefined;
  children?: ReactNode;
}

/** One request to sign: whom it asked, what became of it, the text, and once signed its receipt. */
export function SignatureCard({ claimId, signature, zone, children }: Props) {
  const t = useTexts(texts);
  const format = useFormat();
  const { state, signatory, language, mail, forwards, requestedAt, expiresAt, closedAt, signedBy, declineReason } = signature;
  const isOpen = state === 'open';
  return (
    <article className="stack-tight">
      <div className="row-between">
        <h3 className="signatory">{signatory === null ? t('askedErased') : t('askedOf', signatory)}</h3>
        <Badge tone={tones[state] ?? 'neutral'}>{`state_${state}` in texts.en ? t(`state_${state}`) : state}</Badge>
      </div>
      {forwards > 0 && <p>{t('forwards', { count: forwards })}</p>}
      <Facts
        items={[
          [t('asked'), format.instant(requestedAt)],
          [t('mail'), isOpen ? t(`mail_${mail}`) : null],
          [t('ends'), isOpen ? format.instant(expiresAt, zone) : null],
          [t('ended'), isOpen || closedAt === null ? null : format.instant(closedAt)],
          [t('signedBy'), signedBy && `${signedBy.name}, ${signedBy.title}`],
          [t('declineReason'), state === 'declined' ? (declineReason ?? t('noReason')) : null],
          [t('inLanguage'), t(`language_${language}`)],
        ]}
      />
      <Statement signature={signature} />
      {state === 'signed' && <Receipt claimId={claimId} signatureId={signature.signatureId} />}
      {children}
    </article>
  );
}

function Statement({ signature: { statement, language } }: { signature: Signature }) {
  const t = useTexts(texts);
  if (statement === null) return null;
  return (
    <details>
      <summary>{t('statement')}</summary>
      <div className="stack-tight" lang={language}>
        <p>
          <strong>{statement.title}</strong>
        </p>
        {statement.paragraphs.map((paragraph, index) => (
          <p key={index}>{paragraph}</p>
        ))}
      </div>
    </details>
  );
}

/** The page to print, and the sealed file. */
function Receipt(path: { claimId: string; signatureId: string }) {
  const t = useTexts(texts);
  const { save, busy, problem } = useSave();
  const { claimId, signatureId } = path;
  return (
    <>
      {problem !== null && <ProblemNotice error={problem} />}
      <div className="row">
        <a className="button" href={`/v1/claims/${claimId}/signatures/${signatureId}/receipt`} target="_blank" rel="noreferrer">
          {t('receipt')}
        </a>
        <Button
          isPending={busy !== null}
          onClick={() => void save(signatureId, 'receipt.pdf', () => call(() => signaturesReceiptFile({ path, parseAs: 'blob' })))}
        >
          {t('receiptFile')}
        </Button>
      </div>
    </>
  );
}
