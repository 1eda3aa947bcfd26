import { useTexts } from '../i18n/index.js';
import type { Change } from './changes.js';
import { texts } from './texts.js';

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Differences between two documents, one a row. */
export function ChangesTable({ changes, label, marked }: { changes: Change[]; label: string; marked?: ReadonlySet<string> }) {
  const t = useTexts(texts);
  if (changes.length === 0) return <p className="muted">{t('noChanges')}</p>;
  return (
    <div className="table-frame publication-changes" tabIndex={0} role="region" aria-label={label}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('field')}</th>
            <th scope="col">{t('before')}</th>
            <th scope="col">{t('after')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ path, from, to }) => (
            <tr key={path} data-current={marked?.has(path) || undefined}>
              <th scope="row">
                <code>{path}</code>
              </th>
              <td>{from === undefined ? <span className="muted">{t('absent')}</span> : <del>{written(from)}</del>}</td>
              <td>{to === undefined ? <span className="muted">{t('absent')}</span> : <ins>{written(to)}</ins>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
