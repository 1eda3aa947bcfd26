import { Link, useParams } from 'react-router';
import { useClaim } from '../claim/use-claim.js';
import type { Claim } from '../client/index.js';
import { Banner, LinkButton } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { type ProgrammeWords, useProgramme } from '../programme-labels/index.js';
import { AmendForm } from './amend-form.js';
import './claim-actions.css';
import { texts } from './texts.js';
import { type InformationRequest, useRequest } from './use-request.js';

/** What a reviewer asked for, and beside it what the partner may change to answer. */
export function Component() {
  const { claimId = '' } = useParams();
  const { data: claim, error, refetch } = useClaim(claimId);
  if (claim === undefined) return error ? <ProblemNotice error={error} onRetry={() => void refetch()} /> : <Loading />;
  return <AnswerPage claim={claim} />;
}

function AnswerPage({ claim }: { claim: Claim }) {
  const t = useTexts(texts);
  const { programme, words, error } = useProgramme(claim.policy);
  const request = useRequest(claim);
  if (error) return <ProblemNotice error={error} />;
  const isOpen = request !== undefined && claim.allowedActions.includes('submitClaim');
  return (
    <>
      <p className="small">
        <Link to={`/claims/${claim.claimId}`}>{t('backToClaim', { number: claim.number })}</Link>
      </p>
      <h1>{t('answerTitle', { name: claim.name })}</h1>
      {!isOpen ? (
        <Banner tone="info" title={t('nothingAsked')}>
          <div>
            <LinkButton to={`/claims/${claim.claimId}`}>{t('backToClaim', { number: claim.number })}</LinkButton>
          </div>
        </Banner>
      ) : programme === undefined ? (
        <Loading />
      ) : (
        <div className="answer-page">
          <Asked claim={claim} request={request} words={words} />
          <AmendForm claim={claim} programme={programme} words={words} isAnswer suggestedDrops={request.suggestedDrops} />
        </div>
      )}
    </>
  );
}

function Asked({ claim, request, words }: { claim: Claim; request: InformationRequest; words: ProgrammeWords }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { reasons, lines, comment, askedAt, suggestedDrops } = request;
  const until = claim.deadlines.find(
    (deadline) => deadline.clock === 'partner_answer' && deadline.lines.some((line) => lines.includes(line)),
  );
  const named = (numbers: number[]) =>
    format.list(claim.lines.filter(({ line }) => numbers.includes(line)).map(({ product }) => words.product(product)));
  return (
    <section className="card asked" aria-labelledby="asked">
      <h2 id="asked">{t('asked')}</h2>
      {until !== undefined && (
        <p>
          <strong>{t('answerUntil', { until: format.instant(until.dueAt, until.zone) })}</strong>
        </p>
      )}
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{words.requestReason(reason)}</li>
        ))}
      </ul>
      {claim.lines.length > 1 && <p className="small">{t('askedAbout', { products: named(lines) })}</p>}
      {comment !== null && <blockquote className="said">{comment}</blockquote>}
      {suggestedDrops.length > 0 && <p>{t('dropWhat', { products: named(suggestedDrops) })}</p>}
      <p className="small muted">{t('askedAt', { at: format.instant(askedAt) })}</p>
      <p className="small">{t('answerRule')}</p>
    </section>
  );
}
