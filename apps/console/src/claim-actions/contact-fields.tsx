import type { Claim, ClaimChanges } from '../client/index.js';
import { TextField } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

interface Person {
  name: string;
  title: string;
  email: string;
}

/** Contacts as a form holds them: empty texts for what is missing. */
export interface Contacts {
  customer: Person;
  partner: Person;
}

const personOf = (contact: Claim['contacts']['customer']): Person => ({
  name: contact?.name ?? '',
  title: contact?.title ?? '',
  email: contact?.email ?? '',
});

export const contactsOf = ({ contacts }: Pick<Claim, 'contacts'>): Contacts => ({
  customer: personOf(contacts.customer),
  partner: personOf(contacts.partner),
});

/** The part of a PATCH. A technical contact is left as it is. */
export const contactsSent = ({ customer, partner: { name, email } }: Contacts): NonNullable<ClaimChanges['contacts']> => ({
  customer,
  partner: { name, email },
});

interface Props {
  contacts: Contacts;
  onChange: (contacts: Contacts) => void;
  errors: Record<string, string>;
}

/** The customer's and the partner's contact. Names of the controls are the API's pointers. */
export function ContactFields({ contacts, onChange, errors }: Props) {
  const t = useTexts(texts);
  const field = (side: keyof Contacts, part: keyof Person) => {
    const pointer = `/contacts/${side}/${part}`;
    return (
      <TextField
        name={pointer}
        type={part === 'email' ? 'email' : 'text'}
        label={t(`contact_${part}`)}
        autoComplete="off"
        maxLength={part === 'email' ? 320 : 200}
        value={contacts[side][part]}
        error={errors[pointer] ?? (part === 'name' ? errors[`/contacts/${side}`] : undefined)}
        onChange={(event) => onChange({ ...contacts, [side]: { ...contacts[side], [part]: event.target.value } })}
      />
    );
  };
  return (
    <>
      <fieldset className="contact-fields">
        <legend>{t('customerContact')}</legend>
        {field('customer', 'name')}
        {field('customer', 'title')}
        {field('customer', 'email')}
      </fieldset>
      <fieldset className="contact-fields">
        <legend>{t('partnerContact')}</legend>
        {field('partner', 'name')}
        {field('partner', 'email')}
      </fieldset>
    </>
  );
}
