import { useState } from 'react';
import { call } from '../../api/index.js';
import { CommandDialog } from '../../claim-actions/command-dialog.js';
import { useCommand } from '../../claim-actions/use-command.js';
import { type Claim, rivalsAsk } from '../../client/index.js';
import { TextArea } from '../../design/index.js';
import { useTexts } from '../../i18n/index.js';
import { texts } from '../texts.js';

/** Asks the customer which partner it wants. Its answer stands above every other step. */
export function AskCustomer({ claim, line, onClose }: { claim: Claim; line: number; onClose(): void }) {
  const t = useTexts(texts);
  const { claimId } = claim;
  const [comment, setComment] = useState('');
  const command = useCommand(
    claim,
    ({ key }) => {
      const note = comment.trim() === '' ? {} : { comment };
      return call(() => rivalsAsk({ path: { claimId }, headers: { 'Idempotency-Key': key }, body: { line, ...note } }));
    },
    onClose,
  );
  return (
    <CommandDialog
      title={t('askCustomer')}
      meaning={[t('askCustomerWhat'), t('askCustomerClocks'), t('askCustomerTold')]}
      button={t('askCustomer')}
      command={command}
      onClose={onClose}
    >
      <TextArea
        name="/comment"
        label={t('askCustomerNote')}
        hint={t('askCustomerNoteHint')}
        maxLength={10_000}
        value={comment}
        error={command.errors['/comment']}
        onChange={(event) => setComment(event.target.value)}
      />
    </CommandDialog>
  );
}
