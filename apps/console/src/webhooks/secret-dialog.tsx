import { useState } from 'react';
import { Button, Dialog, TextField } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/** Shows a secret, the only time that anybody can read it. A click beside the dialog does not lose it. */
export function SecretDialog({ secret, previousEndsAt, onClose }: { secret: string; previousEndsAt?: string; onClose(): void }) {
  const t = useTexts(texts);
  const format = useFormat();
  const [isCopied, setCopied] = useState(false);
  return (
    <Dialog title={t('secretTitle')} role="alertdialog" isOpen isDismissable={false} onClose={onClose}>
      <p>{t('secretWhat')}</p>
      {previousEndsAt !== undefined && <p>{t('secretOld', { at: format.instant(previousEndsAt) })}</p>}
      <TextField
        name="secret"
        label={t('secret')}
        value={secret}
        readOnly
        className="input mono"
        onFocus={(event) => event.target.select()}
      />
      <div className="row">
        <Button kind="primary" onClick={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true))}>
          {t('copy')}
        </Button>
        <Button onClick={onClose}>{t('done')}</Button>
        <span role="status">{isCopied && t('copied')}</span>
      </div>
    </Dialog>
  );
}
