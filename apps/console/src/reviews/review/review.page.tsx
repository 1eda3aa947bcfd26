import { useRef, useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { CommentForm } from '../../claim/comment-form.js';
import { Contacts } from '../../claim/contacts.js';
import { Deadlines } from '../../claim/deadlines.js';
import { LinesTable } from '../../claim/lines-table.js';
import { Timeline } from '../../claim/timeline.js';
import { useLiveClaim } from '../../claim/use-live-claim.js';
import { Versions } from '../../claim/versions.js';
import '../../claim/claim.css';
import '../../claim-actions/claim-actions.css';
import { PhaseBadge } from '../../claim-words/index.js';
import type { Claim } from '../../client/index.js';
import { Button, Facts, LinkButton } from '../../design/index.js';
import { Loading, ProblemNotice } from '../../feedback/index.js';
import { useTexts } from '../../i18n/index.js';
import { ShortcutHelp } from '../../keyboard/index.js';
import { type ProgrammeWords, useProgramme } from '../../programme-labels/index.js';
import { NextReview } from '../queue/next-review.js';
import '../reviews.css';
import { texts } from '../texts.js';
import { ClosedReview } from './closed-review.js';
import { DecisionPanel } from './decision-panel.js';
import { EvidencePane } from './evidence-pane.js';
import { Extension } from './extension.js';
import { Findings } from './findings.js';
import { EvidenceChecklist } from './evidence-checklist.js';
import { type Outcome, offeredOutcomes } from './outcomes.js';
import { StaleNotice } from './stale-notice.js';

/** One claim in review: what the partner states, beside it the evidence, and the decision. */
export function Component() {
  const { claimId = '' } = useParams();
  return <ReviewPage key={claimId} claimId={claimId} />;
}

function ReviewPage({ claimId }: { claimId: string }) {
  const { data: claim, error, refetch } = useLiveClaim(claimId);
  const { words } = useProgramme(claim?.policy);
  if (claim === undefined) return error ? <ProblemNotice error={error} onRetry={() => void refetch()} /> : <Loading />;
  return (
    <>
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      <Review claim={claim} words={words} />
    </>
  );
}

function Review({ claim, words }: { claim: Claim; words: ProgrammeWords }) {
  const t = useTexts(texts);
  const { claimId } = claim;
  /** The version that the reviewer has looked at: decisions are made on it. */
  const [seenVersion, setSeen] = useState(claim.version);
  const [params] = useSearchParams();
  const offered = offeredOutcomes(claim);
  const [outcome, choose] = useState<Outcome | null>(() => offered.find((one) => one === params.get('do')) ?? null);
  const [told, setTold] = useState<string | null>(null);
  const panel = useRef<HTMLElement>(null);
  const act = (name: Outcome) => {
    const matching = offered.find((one) => one === name) ?? offered.find((one) => one === disputeTwins[name]);
    if (matching === undefined) return;
    choose(matching);
    setTold(null);
    // The choice is drawn first; then its button takes the focus, and Tab leads on through the form.
    setTimeout(() => panel.current?.querySelector<HTMLInputElement>(`input[value="${matching}"]`)?.focus());
  };
  const isCompeting = claim.lines.some(({ competition }) => competition?.isCompeting);
  return (
    <div className="review">
      <ReviewHeader claim={claim} offered={offered} onAct={act} />
      {offered.length > 0 && <StaleNotice claim={claim} seenVersion={seenVersion} onSeen={() => setSeen(claim.version)} />}
      {isCompeting && (
        <p className="banner" data-tone="warning">
          <span>{t('isCompeting')}</span>
          <Link to={`/reviews/${claimId}/rivals`}>{t('compareRivals')}</Link>
        </p>
      )}
      <div className="review-columns">
        <div className="stack review-claim">
          <Stated claim={claim} words={words} />
          <LinesTable claim={claim} words={words} />
          <Contacts claim={claim} />
          <Findings claim={claim} />
          <Versions claim={claim} words={words} />
          <EvidenceChecklist claim={claim} />
          <ClosedReview claim={claim} isOpen={offered.length > 0} />
          <div role="status">
            {told !== null && (
              <p className="banner" data-tone="success">
                <span>{told}</span>
              </p>
            )}
          </div>
          {offered.length > 0 && (
            <section ref={panel} className="card" aria-labelledby="decision">
              <h2 id="decision">{t('decision')}</h2>
              <DecisionPanel
                key={offered.join()}
                claim={claim}
                seenVersion={seenVersion}
                offered={offered}
                outcome={outcome !== null && offered.includes(outcome) ? outcome : null}
                onChoose={act}
                onSent={setSeen}
                onDone={(sentence) => {
                  choose(null);
                  setTold(sentence);
                }}
              />
            </section>
          )}
          <Extension claim={claim} />
          <CommentForm claimId={claimId} />
          <Timeline claimId={claimId} />
          <Deadlines claim={claim} />
        </div>
        <EvidencePane claim={claim} />
      </div>
    </div>
  );
}

/** The same key does what it says also for a disputed claim. */
const disputeTwins: Partial<Record<Outcome, Outcome>> = { approve: 'dispute_approve', ask: 'dispute_ask', reject: 'dispute_final' };

function ReviewHeader({ claim, offered, onAct }: { claim: Claim; offered: Outcome[]; onAct(outcome: Outcome): void }) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const next = useRef<HTMLButtonElement>(null);
  const { number, name, phase, customerName, domain, tenantId } = claim;
  const isOffered = (one: Outcome) => offered.includes(one) || offered.includes(disputeTwins[one] ?? one);
  return (
    <header className="stack-tight">
      <p className="small">
        <Link to="/reviews">{t('back')}</Link>
      </p>
      <div className="row-between">
        <div>
          <div className="row">
            <span className="muted">{number}</span>
            <PhaseBadge phase={phase} />
          </div>
          <h1>{name === '' ? number : name}</h1>
          <p className="muted">{[customerName, domain ?? tenantId].filter(Boolean).join(' · ')}</p>
        </div>
        <div className="row">
          {(['approve', 'ask', 'reject'] as const).filter(isOffered).map((one) => (
            <Button key={one} onClick={() => onAct(one)}>
              {t(`do_${one}`)} <kbd aria-hidden="true">{keyOf[one]}</kbd>
            </Button>
          ))}
          <NextReview except={claim.claimId} buttonRef={next} />
          <LinkButton kind="quiet" to={`/claims/${claim.claimId}`}>
            {t('wholeClaim')}
          </LinkButton>
          <ShortcutHelp
            shortcuts={{
              a: () => onAct('approve'),
              i: () => onAct('ask'),
              r: () => onAct('reject'),
              n: () => next.current?.click(),
              u: () => void navigate('/reviews'),
            }}
            hints={[
              { keys: ['a'], what: t('do_approve') },
              { keys: ['i'], what: t('do_ask') },
              { keys: ['r'], what: t('do_reject') },
              { keys: ['n'], what: t('keyNext') },
              { keys: ['u'], what: t('keyBack') },
              { keys: ['Ctrl+Enter'], what: t('keySend') },
            ]}
          />
        </div>
      </div>
    </header>
  );
}

const keyOf = { approve: 'a', ask: 'i', reject: 'r' };

function Stated({ claim, words }: { claim: Claim; words: ProgrammeWords }) {
  const t = useTexts(texts);
  const { customerName, domain, tenantId, partnerId, area, revenue, policy } = claim;
  return (
    <section className="stack-tight" aria-labelledby="stated">
      <h2 id="stated">{t('stated')}</h2>
      <Facts
        items={[
          [t('customer'), customerName],
          [t('domain'), domain],
          [t('tenant'), <span className="mono">{tenantId}</span>],
          [t('partner'), t('location', { partnerId })],
          [t('area'), words.area(area)],
          [t('revenue'), revenue && `${revenue.sellerName}, ${revenue.customerName}, ${revenue.solutionName}`],
          [t('policy'), policy],
        ]}
      />
    </section>
  );
}
