import { Link, useParams } from 'react-router';
import { useClaim } from '../claim/use-claim.js';
import type { Claim } from '../client/index.js';
import { Banner } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { useProgramme } from '../programme-labels/index.js';
import { AmendForm } from './amend-form.js';
import './claim-actions.css';
import { texts } from './texts.js';

/** Changes a claim that was submitted and is not under review yet. */
export function Component() {
  const { claimId = '' } = useParams();
  const { data: claim, error, refetch } = useClaim(claimId);
  if (claim === undefined) return error ? <ProblemNotice error={error} onRetry={() => void refetch()} /> : <Loading />;
  return <ChangePage claim={claim} />;
}

function ChangePage({ claim }: { claim: Claim }) {
  const t = useTexts(texts);
  const { programme, words, error } = useProgramme(claim.policy);
  if (error) return <ProblemNotice error={error} />;
  if (programme === undefined) return <Loading />;
  const isOpen = claim.allowedActions.includes('editClaim') && claim.lines.some(({ phase }) => phase === 'submitted');
  return (
    <>
      <p className="small">
        <Link to={`/claims/${claim.claimId}`}>{t('backToClaim', { number: claim.number })}</Link>
      </p>
      <h1>{t('changeTitle', { name: claim.name })}</h1>
      {isOpen ? (
        <>
          <p className="muted">{t('changeWhat')}</p>
          <AmendForm claim={claim} programme={programme} words={words} isAnswer={false} suggestedDrops={[]} />
        </>
      ) : (
        <Banner tone="info" title={t('notChangeable')} />
      )}
    </>
  );
}
