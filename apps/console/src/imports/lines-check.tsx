import { Banner } from '../design/index.js';
import { useFormat } from '../i18n/index.js';
import { useImportTexts } from './file-zone.js';

const shownRows = 5;
const namedLines = 20;

/** The first JSON lines, and which lines are no JSON objects. */
export function LinesCheck({ rows }: { rows: string[] }) {
  const t = useImportTexts();
  const format = useFormat();
  const bad = rows.flatMap((line, index) => (isObject(line) ? [] : [index + 1]));
  return (
    <>
      {bad.length > 0 && (
        <Banner
          tone="warning"
          isAlert
          title={t('badLines', { count: bad.length, lines: format.list(bad.slice(0, namedLines).map((line) => format.number(line))) })}
        />
      )}
      <section className="stack-tight">
        <h3>{t('preview')}</h3>
        <pre className="import-lines" tabIndex={0} role="region" aria-label={t('preview')}>
          {rows.slice(0, shownRows).join('\n')}
        </pre>
      </section>
    </>
  );
}

function isObject(line: string): boolean {
  try {
    const body: unknown = JSON.parse(line);
    return typeof body === 'object' && body !== null && !Array.isArray(body);
  } catch {
    return false;
  }
}
