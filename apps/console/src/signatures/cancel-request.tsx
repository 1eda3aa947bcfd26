import { call } from '../api/index.js';
import { CommandDialog, useCommand } from '../claim-actions/index.js';
import { type Claim, type Signature, signaturesCancel } from '../client/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

interface Props {
  claim: Claim;
  signature: Signature;
  onClose: () => void;
}

/** Takes an open request back. */
export function CancelRequest({ claim, signature: { signatureId }, onClose }: Props) {
  const t = useTexts(texts);
  const { claimId } = claim;
  const command = useCommand(claim, () => call(() => signaturesCancel({ path: { claimId, signatureId } })), onClose);
  return (
    <CommandDialog title={t('cancelTitle')} meaning={[t('cancelWhat')]} button={t('cancel')} isFinal command={command} onClose={onClose} />
  );
}
