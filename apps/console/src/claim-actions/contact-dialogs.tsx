import { useState } from 'react';
import { call } from '../api/index.js';
import { claimsEdit, resentNoticesResend } from '../client/index.js';
import { useTexts } from '../i18n/index.js';
import { type ActionProps, CommandDialog } from './command-dialog.js';
import { ContactFields, contactsOf, contactsSent } from './contact-fields.js';
import { texts } from './texts.js';
import { useCommand } from './use-command.js';

/** Corrects the contacts of a claim that the customer decides on, or that is official. */
export function EditContacts({ claim, onClose }: ActionProps) {
  const t = useTexts(texts);
  const { claimId } = claim;
  const [contacts, setContacts] = useState(() => contactsOf(claim));
  const isOpen = claim.lines.some(({ phase }) => phase === 'consent_pending');
  const command = useCommand(
    claim,
    ({ seen, key }) =>
      call(() =>
        claimsEdit({
          path: { claimId },
          headers: { 'If-Match': seen, 'Idempotency-Key': key },
          body: { contacts: contactsSent(contacts) },
        }),
      ),
    onClose,
  );
  return (
    <CommandDialog
      title={t('contactsTitle')}
      meaning={isOpen ? [t('contactsWhat'), t('contactsTold')] : [t('contactsOfficial'), t('toldNobody')]}
      button={t('save')}
      command={command}
      onClose={onClose}
    >
      <ContactFields contacts={contacts} onChange={setContacts} errors={command.errors} />
    </CommandDialog>
  );
}

/** Sends the notice again after it has reached nobody. */
export function Resend({ claim, onClose }: ActionProps) {
  const t = useTexts(texts);
  const { claimId } = claim;
  const command = useCommand(
    claim,
    ({ key }) => call(() => resentNoticesResend({ path: { claimId }, headers: { 'Idempotency-Key': key }, body: {} })),
    onClose,
  );
  const address = claim.contacts.customer?.email ?? '';
  return (
    <CommandDialog
      title={t('resendTitle')}
      meaning={[t('resendWhat', { address }), t('resendTold'), t('resendFirst')]}
      button={t('resendButton')}
      command={command}
      onClose={onClose}
    />
  );
}
