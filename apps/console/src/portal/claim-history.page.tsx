import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { call } from '../api/index.js';
import '../claim-actions/claim-actions.css';
import '../claim/claim.css';
import { answersList, claimsHistory, type HistoryEntry, pendingClaimsList } from '../client/index.js';
import { LoadMore, Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useLanguage, useTexts } from '../i18n/index.js';
import { usePages } from '../lists/index.js';
import { PortalFrame, type Tenant } from './portal-frame.js';
import { texts } from './texts.js';
import { portalKey } from './use-answer.js';
import { useKnownAssociations, useTargetNames } from './use-target-names.js';

/** What happened to one claim, as far as the customer was told, newest first. */
export function Component() {
  const t = useTexts(texts);
  const { claimId = '' } = useParams();
  return (
    <PortalFrame title={t('historyTitleShort')}>{(tenant) => <History key={claimId} claimId={claimId} tenant={tenant} />}</PortalFrame>
  );
}

function History({ claimId, tenant }: { claimId: string; tenant: Tenant }) {
  const t = useTexts(texts);
  const { language } = useLanguage();
  const format = useFormat();
  const claim = useClaimWords(claimId, tenant.tenantId);
  const pages = usePages<HistoryEntry, { items: HistoryEntry[]; next: string | null }>(
    [...portalKey, 'history', claimId, language],
    (cursor) =>
      call(() => claimsHistory({ path: { claimId }, query: { language, order: 'newest', limit: 50, ...(cursor && { cursor }) } })),
  );
  if (pages.error) return <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />;
  if (pages.items === undefined) return <Loading />;
  return (
    <>
      {claim && (
        <p>
          {t('historyOf', { partner: claim.partner })} · {claim.number}
          <br />
          {format.list(claim.products)}
        </p>
      )}
      <ol className="timeline">
        {pages.items.map((entry) => (
          <Entry key={entry.version} entry={entry} />
        ))}
      </ol>
      <LoadMore pages={pages} />
      <p>
        <Link to="/portal/partners">{t('historyBack')}</Link>
      </p>
    </>
  );
}

function Entry({ entry: { title, type, detail, comment, by, at } }: { entry: HistoryEntry }) {
  const t = useTexts(texts);
  const format = useFormat();
  return (
    <li className="event" data-kind={by.kind}>
      <span className="event-title">{title ?? type}</span>
      {detail !== null && <p className="small">{detail}</p>}
      {comment !== null && <blockquote className="said">{comment}</blockquote>}
      <p className="small muted">
        {t(`who_${by.kind}`)} · <time dateTime={at}>{format.instant(at)}</time>
      </p>
    </li>
  );
}

/** A customer cannot read a claim, but what waits, what it decided and its associations name it. Undefined if none of them does. */
function useClaimWords(claimId: string, tenantId: string): { number: string; partner: string; products: string[] } | undefined {
  const { language } = useLanguage();
  const path = { tenantId };
  const pending = useQuery({
    queryKey: [...portalKey, 'pending', language],
    queryFn: () => call(() => pendingClaimsList({ path, query: { language } })),
  });
  const answers = useQuery({
    queryKey: [...portalKey, 'answers', 'newest', language],
    queryFn: () => call(() => answersList({ path, query: { language, limit: 100 } })),
  });
  const associations = useKnownAssociations(tenantId);
  const nameOf = useTargetNames(associations);
  const named = [
    ...(pending.data?.items ?? []).map((item) => ({ ...item, partner: item.legalName })),
    ...(answers.data?.items ?? []).filter(({ kind }) => kind !== 'chose').map((item) => ({ ...item, partner: item.partner.legalName })),
    ...associations.map((item) => ({
      claimId: item.claimId,
      number: item.number,
      partner: item.partnerName ?? item.partnerId,
      lines: [{ line: item.line, product: nameOf(item) }],
    })),
  ].filter((item) => item.claimId === claimId);
  const [first] = named;
  // The history names lines by their numbers.
  const products = new Map(named.flatMap(({ lines }) => lines.map(({ line, product }) => [line, `${line}. ${product}`] as const)));
  return first && { ...first, products: [...products].sort(([a], [b]) => a - b).map(([, product]) => product) };
}
