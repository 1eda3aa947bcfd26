import type { Claim } from '../client/index.js';
import { Badge } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/** Warnings and holds of the latest submission, in the API's words. */
export function Findings({ claim }: { claim: Claim }) {
  const t = useTexts(texts);
  if (claim.findings.length === 0) return null;
  return (
    <section className="stack-tight" aria-labelledby="findings">
      <h2 id="findings">{t('findings')}</h2>
      <ul className="plain stack-tight">
        {claim.findings.map(({ code, severity, line, message }) => (
          <li key={`${code} ${line}`} className="small">
            <Badge tone={severity === 'warning' ? 'neutral' : 'warning'}>{t(severity === 'hold' ? 'hold' : 'warning')}</Badge>{' '}
            {line !== null && `${t('line', { line })} `}
            {message}
          </li>
        ))}
      </ul>
    </section>
  );
}
