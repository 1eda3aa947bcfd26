import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { call } from '../../api/index.js';
import '../../claim/claim.css';
import '../../claim-actions/claim-actions.css';
import { useLiveClaim } from '../../claim/use-live-claim.js';
import { claimKey } from '../../claim/use-claim.js';
import { rivalsList } from '../../client/index.js';
import { EmptyState } from '../../design/index.js';
import { Loading, ProblemNotice } from '../../feedback/index.js';
import { useTexts } from '../../i18n/index.js';
import { useProgramme } from '../../programme-labels/index.js';
import '../reviews.css';
import { texts } from '../texts.js';
import { DecidedLines } from './decided-lines.js';
import { RivalryCard } from './rivalry-card.js';

/** All partners that claim or hold the targets of a claim, side by side. */
export function Component() {
  const { claimId = '' } = useParams();
  const t = useTexts(texts);
  const { data: claim, error, refetch } = useLiveClaim(claimId);
  const { words } = useProgramme(claim?.policy);
  const rivals = useQuery({
    queryKey: [...claimKey(claimId), 'rivals'],
    queryFn: () => call(() => rivalsList({ path: { claimId } })),
  });
  const failed = error ?? rivals.error;
  const items = rivals.data?.items;
  return (
    <>
      <p className="small">
        <Link to={`/reviews/${claimId}`}>{t('backToReview')}</Link>
      </p>
      <h1>{t('rivalsTitle', { number: claim?.number ?? '' })}</h1>
      {claim !== undefined && <DecidedLines claim={claim} />}
      {failed ? (
        <ProblemNotice error={failed} onRetry={() => void Promise.all([refetch(), rivals.refetch()])} />
      ) : claim === undefined || items === undefined ? (
        <Loading />
      ) : items.length === 0 ? (
        <EmptyState title={t('noRivalsTitle')}>
          <p>{t('noRivalsWhat')}</p>
        </EmptyState>
      ) : (
        items.map((rivalry) => <RivalryCard key={rivalry.line} claim={claim} rivalry={rivalry} words={words} />)
      )}
    </>
  );
}
