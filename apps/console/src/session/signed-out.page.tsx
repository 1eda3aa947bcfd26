import { Banner } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { signInAddress } from './sign-in-address.js';
import { texts } from './texts.js';

/** The way in. After it the person sees the page that was asked for. */
export function SignedOutPage({ canSignIn }: { canSignIn: boolean }) {
  const t = useTexts(texts);
  return (
    <main className="page-narrow stack">
      <h1>{t('signInTitle')}</h1>
      <p>{t('signInWhy')}</p>
      {canSignIn ? (
        <p>
          <a className="button" data-kind="primary" href={signInAddress()}>
            {t('signIn')}
          </a>
        </p>
      ) : (
        <Banner tone="warning" title={t('offTitle')}>
          <p>{t('offWhat')}</p>
        </Banner>
      )}
    </main>
  );
}
