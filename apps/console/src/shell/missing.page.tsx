import { EmptyState, LinkButton } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

export function MissingPage() {
  const t = useTexts(texts);
  return (
    <EmptyState title={t('missingTitle')} isPage>
      <p>{t('missingWhat')}</p>
      <LinkButton to="/">{t('home')}</LinkButton>
    </EmptyState>
  );
}
