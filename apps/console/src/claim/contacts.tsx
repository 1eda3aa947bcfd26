import type { Claim, Contact } from '../client/index.js';
import { Facts } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

export function Contacts({ claim: { contacts } }: { claim: Claim }) {
  const t = useTexts(texts);
  return (
    <section className="stack-tight" aria-labelledby="contacts">
      <h2 id="contacts">{t('contacts')}</h2>
      <Facts
        items={[
          [t('field_customer'), contacts.customer && <Person contact={contacts.customer} />],
          [t('field_partner'), contacts.partner && <Person contact={contacts.partner} />],
          [t('field_technical'), contacts.technical && <Person contact={contacts.technical} />],
        ]}
      />
    </section>
  );
}

const Person = ({ contact: { name, title, email } }: { contact: Contact }) => (
  <>
    {[name, title].filter(Boolean).join(', ')}
    <br />
    <span className="muted">{email}</span>
  </>
);
