import type { FormEvent } from 'react';
import { Button, TextField } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';
import type { AskedClaim } from './workflow-dialog.js';

/** Asks for any claim's workflow, not only those with a command that waits. */
export function FindWorkflow({ onAsk }: { onAsk: (claim: AskedClaim) => void }) {
  const t = useTexts(texts);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget).get('claimId');
    const claimId = typeof given === 'string' ? given.trim() : '';
    if (claimId !== '') onAsk({ claimId, number: claimId });
  };
  return (
    <form className="card" onSubmit={submit}>
      <h2>{t('findClaim')}</h2>
      <TextField name="claimId" label={t('claimId')} hint={t('claimIdHint')} autoComplete="off" required />
      <div>
        <Button type="submit">{t('find')}</Button>
      </div>
    </form>
  );
}
