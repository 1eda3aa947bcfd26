import { useParams } from 'react-router';
import { PhaseBadge } from '../claim-words/index.js';
import type { Claim } from '../client/index.js';
import { Facts } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useLanguage, useTexts } from '../i18n/index.js';
import { BackLink } from '../lists/index.js';
import { useProgramme } from '../programme-labels/index.js';
import { useSession } from '../session/index.js';
import { MissingPage } from '../shell/index.js';
import { SignaturesSection } from '../signatures/index.js';
import { SharedVersions } from '../snapshots/index.js';
import { Actions } from './actions.js';
import '../claim-actions/claim-actions.css';
import './claim.css';
import { CommentForm } from './comment-form.js';
import { Contacts } from './contacts.js';
import { Deadlines } from './deadlines.js';
import { EvidenceSection } from './evidence-section.js';
import { Findings } from './findings.js';
import { LinesTable } from './lines-table.js';
import { Notices } from './notices.js';
import { ProcessDetails } from './process-details.js';
import { StageLine } from './stage-line.js';
import { type Standing, standingsOf } from './standing.js';
import { texts } from './texts.js';
import { Timeline } from './timeline.js';
import { UpdatedMark } from './updated-mark.js';
import { useDeadlines } from './use-deadlines.js';
import { useLiveClaim } from './use-live-claim.js';
import { Versions } from './versions.js';

/** An address that was cut or mistyped is a page that does not exist. */
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One claim: where it stands, how it came there, and what the reader may do now. Keeps itself current. */
export function Component() {
  const { claimId = '' } = useParams();
  return guid.test(claimId) ? <ClaimPage key={claimId} claimId={claimId} /> : <MissingPage />;
}

function ClaimPage({ claimId }: { claimId: string }) {
  const t = useTexts(texts);
  const session = useSession();
  const { data: claim, error, refetch, changedAt } = useLiveClaim(claimId);
  const { programme, words } = useProgramme(claim?.policy);
  if (claim === undefined) return error ? <ProblemNotice error={error} onRetry={() => void refetch()} /> : <Loading />;
  const isDraft = claim.submissions === 0 && claim.phase === 'draft';
  return (
    <div className="claim stack">
      <p className="small">
        <BackLink to="/claims">{t('back')}</BackLink>
      </p>
      <Header claim={claim} changedAt={changedAt} />
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      <Standings claim={claim} words={words} />
      <StageLine claim={claim} />
      <div className="claim-columns">
        <div className="stack claim-now">
          <Actions claim={claim} words={words} />
          <Findings claim={claim} />
          <Deadlines claim={claim} />
        </div>
        <div className="stack claim-main">
          <LinesTable claim={claim} words={words} />
          <EvidenceSection claim={claim} programme={programme} />
          <SignaturesSection claim={claim} programme={programme} />
          <Versions claim={claim} words={words} />
          <SharedVersions claim={claim} />
          {session.can('comments.write') && <CommentForm claimId={claimId} />}
          <Timeline claimId={claimId} />
        </div>
        <aside className="stack claim-more" aria-label={t('aside')}>
          <Notices claim={claim} />
          <Contacts claim={claim} />
          <About claim={claim} />
          {session.can('claims.process') && !isDraft && <ProcessDetails claimId={claimId} />}
        </aside>
      </div>
    </div>
  );
}

function Header({ claim, changedAt }: { claim: Claim; changedAt: number | null }) {
  const { number, name, phase, customerName, domain, tenantId } = claim;
  return (
    <header className="stack-tight">
      <div className="row">
        <span className="muted">{number}</span>
        <PhaseBadge phase={phase} />
        <UpdatedMark changedAt={changedAt} />
      </div>
      <h1>{name === '' ? number : name}</h1>
      <p className="muted">{[customerName, domain ?? tenantId].filter(Boolean).join(' · ')}</p>
    </header>
  );
}

function Standings({ claim, words }: { claim: Claim; words: ReturnType<typeof useProgramme>['words'] }) {
  const t = useTexts(texts);
  const { language } = useLanguage();
  const format = useFormat();
  const { data } = useDeadlines(claim.claimId);
  const standings = standingsOf(claim, { language, format, words, deadlines: data?.items });
  const ofLines = ({ lines }: Standing) =>
    format.list(claim.lines.filter(({ line }) => lines.includes(line)).map(({ product }) => words.product(product)));
  const tone = standings.find((one) => one.tone === 'warning')?.tone ?? standings[0]!.tone;
  return (
    <section className="banner standing" data-tone={tone} aria-label={t('standing')}>
      {standings.map((standing) => (
        <p key={standing.sentence}>
          {standings.length > 1 && standing.lines.length > 0 && `${ofLines(standing)}: `}
          {standing.sentence}
        </p>
      ))}
    </section>
  );
}

function About({ claim }: { claim: Claim }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { words } = useProgramme(claim.policy);
  const { me } = useSession();
  const location = me.partner?.locations.find(({ partnerId }) => partnerId === claim.partnerId)?.name;
  const { revenue, tags, externalReference } = claim;
  return (
    <section className="stack-tight" aria-labelledby="about">
      <h2 id="about">{t('about')}</h2>
      <Facts
        items={[
          [t('location'), location ? `${location} (${claim.partnerId})` : claim.partnerId],
          [t('area'), words.area(claim.area)],
          [t('tenant'), <span className="mono">{claim.tenantId}</span>],
          [t('policy'), claim.policy],
          [t('seller'), revenue && `${revenue.sellerName}, ${revenue.customerName}, ${revenue.solutionName}`],
          [t('transactionOn'), claim.transactionOn && format.date(claim.transactionOn)],
          [t('optedOut'), claim.isOptedOutOfIncentives ? t('yes') : null],
          [t('reference'), externalReference],
          [t('tags'), tags.length === 0 ? null : tags.join(', ')],
          [t('created'), format.instant(claim.createdAt)],
        ]}
      />
    </section>
  );
}
