import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

export function Loading() {
  const t = useTexts(texts);
  return (
    <div className="loading" role="status">
      <div className="loading-bar" />
      {t('loading')}
    </div>
  );
}
