import type { Readiness } from '../client/index.js';
import { Badge } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

const parts = ['database', 'migrations', 'temporal', 'worker'] as const;

/** Whether each part that the product depends on answers. Finding out that one does not takes seconds. */
export function Parts({ readiness }: { readiness: Readiness | undefined }) {
  const t = useTexts(texts);
  return (
    <section className="card">
      <h2>{t('readiness')}</h2>
      {readiness === undefined ? (
        <p className="muted">{t('checking')}</p>
      ) : (
        <dl className="facts">
          {parts.map((part) => {
            const { ok, code } = readiness.checks[part];
            return (
              <div key={part} className="fact">
                <dt>{t(part)}</dt>
                <dd className="row">
                  <Badge tone={ok ? 'success' : 'danger'}>{t(ok ? 'ok' : 'failed')}</Badge>
                  {code !== null && <code>{code}</code>}
                </dd>
              </div>
            );
          })}
        </dl>
      )}
    </section>
  );
}
