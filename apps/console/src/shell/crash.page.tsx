import { Banner, Button } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/** Shown in place of a page whose code has failed. */
export function CrashPage() {
  const t = useTexts(texts);
  return (
    <main className="page-narrow">
      <Banner tone="danger" isAlert title={t('crashTitle')}>
        <p>{t('crashWhat')}</p>
        <div>
          <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
        </div>
      </Banner>
    </main>
  );
}
