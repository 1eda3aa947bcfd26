import { useQuery } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { type ClaimEffects as Effects, type ProgrammeDocument, programmesPublish } from '../client/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import type { Fields } from '../publications/index.js';
import { clockTexts, texts } from './texts.js';

/** What the claims of the programme would notice of the document, asked of the API when somebody is about to publish it. */
export function ClaimEffects({ name, document, seen }: { name: string; document: Fields; seen: number | undefined }) {
  const t = useTexts(texts);
  const run = useQuery({
    queryKey: ['programme', name, 'dry-run', 'claims', seen, document],
    queryFn: () =>
      call(() =>
        programmesPublish({
          path: { name },
          query: { dryRun: true, claims: true },
          body: document as ProgrammeDocument,
          ...(seen !== undefined && { headers: { 'If-Match': `"${seen}"` } }),
        }),
      ),
    gcTime: 0,
    retry: false,
  });
  if (run.error) return <ProblemNotice error={run.error} onRetry={() => void run.refetch()} />;
  if (run.data === undefined) return <Loading />;
  const { claims } = run.data;
  return (
    <section aria-labelledby="effects-title" className="stack-tight">
      <h3 id="effects-title">{t('effects')}</h3>
      {claims === null || claims === undefined ? <p>{t('noClaims')}</p> : <Sentences claims={claims} />}
    </section>
  );
}

function Sentences({ claims }: { claims: Effects }) {
  const t = useTexts(texts);
  const c = useTexts(clockTexts);
  const { kept, drafts, draftsChecked, draftsRefused, refusals, clocks, isCapped } = claims;
  return (
    <ul>
      {clocks.map(({ field, from, to, ahead, running }) => (
        <li key={field}>
          {t('clockEffect', {
            clock: field in clockTexts.en ? c(field as keyof typeof clockTexts.en) : field,
            from: lengthOf(from),
            to: lengthOf(to),
            ahead,
            running,
          })}
        </li>
      ))}
      <li>{t('keptEffect', { kept })}</li>
      <li>
        {t('draftsEffect', { drafts, refused: draftsRefused })}
        {draftsChecked < drafts && ` ${t('notAllChecked', { checked: draftsChecked })}`}
        {refusals.length > 0 && (
          <ul>
            {refusals.map(({ code, drafts: count, message, examples }) => (
              <li key={code}>
                {t('refusalEffect', { count })} {message} <code className="muted">{code}</code>{' '}
                <span className="muted">{t('examples', { numbers: examples.join(', '), more: count - examples.length })}</span>
              </li>
            ))}
          </ul>
        )}
      </li>
      {isCapped && <li>{t('cappedEffect')}</li>}
    </ul>
  );

  function lengthOf(value: unknown): string {
    if (Array.isArray(value)) return value.join(', ');
    if (typeof value === 'number') return String(value);
    const { days, unit } = (value ?? {}) as { days?: number; unit?: string };
    return t('windowLength', { days: days ?? 0, unit: unit ?? '' });
  }
}
