import { useTexts } from '../i18n/index.js';
import { signInAddress } from './sign-in-address.js';
import { texts } from './texts.js';

export function SignedOutPage() {
  const t = useTexts(texts);
  return (
    <main className="page-narrow stack">
      <h1>{t('signInTitle')}</h1>
      <p>{t('signInWhy')}</p>
      <p>
        <a className="button" data-kind="primary" href={signInAddress()}>
          {t('signIn')}
        </a>
      </p>
    </main>
  );
}
