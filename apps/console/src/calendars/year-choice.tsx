import { Button } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

export function YearChoice({ year, onChange }: { year: number; onChange(year: number): void }) {
  const t = useTexts(texts);
  return (
    <div className="row">
      <Button aria-label={t('yearBefore')} onClick={() => onChange(year - 1)}>
        ←
      </Button>
      <h3 aria-live="polite">{year}</h3>
      <Button aria-label={t('yearAfter')} onClick={() => onChange(year + 1)}>
        →
      </Button>
    </div>
  );
}
