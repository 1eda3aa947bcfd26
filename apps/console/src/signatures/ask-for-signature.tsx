import { useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { CommandDialog, useCommand } from '../claim-actions/index.js';
import { claimKey } from '../claim/use-claim.js';
import { type Claim, type ProgrammeDocument, type Signature, signaturesCancel, signaturesRequest } from '../client/index.js';
import { SelectField, TextField } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

const languages = ['en', 'ru'] as const;
type Language = (typeof languages)[number];

interface Props {
  claim: Claim;
  template: NonNullable<ProgrammeDocument['statementOfWork']>;
  /** The open request that this one takes the place of; a claim has at most one. */
  replaces: Signature | null;
  onClose: () => void;
}

/** Asks a person of the customer to sign, or asks again, perhaps somebody else. */
export function AskForSignature({ claim, template, replaces, onClose }: Props) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const { claimId } = claim;
  const contact = replaces?.signatory ?? claim.contacts.customer;
  const [name, setName] = useState(contact?.name ?? '');
  const [email, setEmail] = useState(contact?.email ?? '');
  const [language, setLanguage] = useState<Language | ''>(replaces?.language ?? '');
  const isCanceled = useRef(false);
  const offered = languages.filter((each) => template.texts[each] !== undefined);
  const close = () => {
    if (isCanceled.current) void client.invalidateQueries({ queryKey: claimKey(claimId) });
    onClose();
  };
  const command = useCommand(
    claim,
    async ({ seen, key }) => {
      // When the new request is refused, the old one is gone already; the next try only asks.
      if (replaces !== null && !isCanceled.current) {
        await call(() => signaturesCancel({ path: { claimId, signatureId: replaces.signatureId } }));
        isCanceled.current = true;
      }
      const body = { signatory: { name: name.trim(), email: email.trim() }, ...(language !== '' && { language }) };
      await call(() =>
        signaturesRequest({ path: { claimId }, headers: { ...(replaces === null && { 'If-Match': seen }), 'Idempotency-Key': key }, body }),
      );
    },
    close,
  );
  const shown = template.texts[language === '' ? offered[0]! : language];
  const cancels = replaces?.signatory ? t('againWhat', { name: replaces.signatory.name }) : t('againErased');
  return (
    <CommandDialog
      title={t(replaces === null ? 'askTitle' : 'againTitle')}
      meaning={[...(replaces === null ? [] : [cancels]), t('askWhat'), t('askTold')]}
      button={t('send')}
      command={command}
      onClose={close}
    >
      <TextField
        name="/signatory/name"
        label={t('name')}
        autoComplete="off"
        maxLength={200}
        value={name}
        error={command.errors['/signatory/name']}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        name="/signatory/email"
        type="email"
        label={t('email')}
        hint={t('emailHint')}
        autoComplete="off"
        maxLength={320}
        value={email}
        error={command.errors['/signatory/email']}
        onChange={(event) => setEmail(event.target.value)}
      />
      <SelectField
        name="/language"
        label={t('statementLanguage')}
        emptyLabel={t('customerLanguage')}
        options={offered.map((value) => ({ value, label: t(`language_${value}`) }))}
        value={language}
        error={command.errors['/language']}
        onChange={(event) => setLanguage(event.target.value as Language | '')}
      />
      {shown !== undefined && (
        <details>
          <summary>{t('template')}</summary>
          <div className="stack-tight small">
            <p>
              <strong>{shown.title}</strong>
            </p>
            {shown.paragraphs.map((paragraph, index) => (
              <p key={index}>{paragraph}</p>
            ))}
          </div>
        </details>
      )}
    </CommandDialog>
  );
}
