import { useState } from 'react';
import type { Claim, ProgrammeDocument, Signature } from '../client/index.js';
import { Button } from '../design/index.js';
import { ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { AskForSignature } from './ask-for-signature.js';
import { CancelRequest } from './cancel-request.js';
import { SignatureCard } from './signature-card.js';
import './signatures.css';
import { texts } from './texts.js';
import { useSignatures } from './use-signatures.js';

type Dialog = { name: 'ask'; replaces: Signature | null } | { name: 'cancel'; signature: Signature };

/** The customer's signature of the statement of work: asking for it, how it stands, and its receipt. */
export function SignaturesSection({ claim, programme }: { claim: Claim; programme: ProgrammeDocument | undefined }) {
  const t = useTexts(texts);
  const found = useSignatures(claim.claimId);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const { claimId, allowedActions } = claim;
  const template = programme?.statementOfWork;
  const mayAsk = allowedActions.includes('requestSignature') && template !== undefined;
  const mayCancel = allowedActions.includes('cancelSignatureRequest');
  const signatures = found.data ?? [];
  const zone = claim.deadlines.find(({ clock }) => clock === 'signature_request')?.zone;
  const close = () => setDialog(null);
  if (found.error && found.data === undefined) return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (signatures.length === 0 && !mayAsk) return null;
  return (
    <section className="stack-tight" aria-labelledby="signatures">
      <h2 id="signatures">{t('signatures')}</h2>
      {signatures.length === 0 && <p className="muted">{t('none')}</p>}
      {signatures.map((signature) => (
        <SignatureCard key={signature.signatureId} claimId={claimId} signature={signature} zone={zone}>
          {mayCancel && signature.state === 'open' && (
            <div className="row">
              {template !== undefined && <Button onClick={() => setDialog({ name: 'ask', replaces: signature })}>{t('again')}</Button>}
              <Button kind="danger" onClick={() => setDialog({ name: 'cancel', signature })}>
                {t('cancel')}
              </Button>
            </div>
          )}
        </SignatureCard>
      ))}
      {mayAsk && (
        <div>
          <Button onClick={() => setDialog({ name: 'ask', replaces: null })}>{t('ask')}</Button>
        </div>
      )}
      {dialog?.name === 'ask' && template !== undefined && (
        <AskForSignature claim={claim} template={template} replaces={dialog.replaces} onClose={close} />
      )}
      {dialog?.name === 'cancel' && <CancelRequest claim={claim} signature={dialog.signature} onClose={close} />}
    </section>
  );
}
