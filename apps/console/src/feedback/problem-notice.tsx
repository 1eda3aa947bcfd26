import { type ApiProblem, isProblem } from '../api/index.js';
import { Banner, Button } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/** Says why something could not be read or done, and what to do. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useTexts(texts);
  if (!isProblem(error)) throw error;
  return (
    <Banner tone="danger" isAlert title={titleOf(error, t)}>
      <p>{bodyOf(error, t)}</p>
      {error.body.remedy !== '' && <p>{error.body.remedy}</p>}
      {error.body.requestId !== '' && <p className="small muted">{t('quote', { requestId: error.body.requestId })}</p>}
      {onRetry && (
        <div>
          <Button onClick={onRetry}>{t('retry')}</Button>
        </div>
      )}
    </Banner>
  );
}

type Translate = ReturnType<typeof useTexts<keyof (typeof texts)['en']>>;

function titleOf(problem: ApiProblem, t: Translate): string {
  if (problem.code === 'forbidden') return t('forbiddenTitle');
  if (problem.status === 404) return t('missingTitle');
  return problem.body.title;
}

function bodyOf(problem: ApiProblem, t: Translate): string {
  const { permission } = problem.body;
  if (problem.code === 'forbidden' && typeof permission === 'string') return t('forbiddenWhat', { permission });
  if (problem.status === 404) return t('missingWhat');
  return problem.body.detail;
}
