import { Link } from 'react-router';
import { call } from '../api/index.js';
import { answersList, type TenantAnswer } from '../client/index.js';
import { EmptyState } from '../design/index.js';
import { LoadMore, Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useLanguage, useTexts } from '../i18n/index.js';
import { usePages } from '../lists/index.js';
import { useSession } from '../session/index.js';
import { mailWords } from './mail-words.js';
import { PortalFrame, type Tenant } from './portal-frame.js';
import { texts } from './texts.js';
import { portalKey } from './use-answer.js';

/** What people of the customer have decided, by whom and when, whether signed in or by a link. */
export function Component() {
  const t = useTexts(texts);
  return <PortalFrame title={t('answersTitle')}>{(tenant) => <Answers tenant={tenant} />}</PortalFrame>;
}

function Answers({ tenant: { tenantId } }: { tenant: Tenant }) {
  const t = useTexts(texts);
  const { language } = useLanguage();
  const pages = usePages<TenantAnswer, { items: TenantAnswer[]; next: string | null }>([...portalKey, 'answers', language], (cursor) =>
    call(() => answersList({ path: { tenantId }, query: { language, limit: 50, ...(cursor && { cursor }) } })),
  );
  if (pages.error) return <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />;
  if (pages.items === undefined) return <Loading />;
  if (pages.items.length === 0) {
    return (
      <EmptyState title={t('noAnswers')}>
        <p>{t('noAnswersWhat')}</p>
      </EmptyState>
    );
  }
  return (
    <>
      <AnswersTable answers={pages.items} />
      <LoadMore pages={pages} />
    </>
  );
}

function AnswersTable({ answers }: { answers: TenantAnswer[] }) {
  const t = useTexts(texts);
  const mail = useTexts(mailWords);
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('answersTitle')}>
      <table className="table stacking" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {[t('at'), t('decision'), mail('partner'), t('by'), mail('number'), mail('reference')].map((name) => (
              <th key={name} scope="col" role="columnheader">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {answers.map((answer) => (
            <Row key={`${answer.claimId} ${answer.version}`} answer={answer} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ answer: { at, kind, lines, partner, by, claimId, number, reference, reason } }: { answer: TenantAnswer }) {
  const t = useTexts(texts);
  const mail = useTexts(mailWords);
  const format = useFormat();
  const { subject } = useSession().me;
  const who = () => {
    if (by.via === 'portal') return by.subject === subject ? t('by_you') : t('by_portal', { subject: by.subject });
    return t(by.recipient === null ? 'by_link' : `by_${by.recipient}`);
  };
  return (
    <tr role="row">
      <th scope="row" role="rowheader" className="nowrap">
        {format.instant(at)}
      </th>
      <td role="cell" data-label={t('decision')}>
        <strong>{t(`decision_${kind}`)}</strong>
        {lines.length > 0 && <>: {format.list(lines.map(({ product }) => product))}</>}
        {reason !== null && <q className="portal-reason">{reason}</q>}
      </td>
      <td role="cell" data-label={mail('partner')}>
        {partner.legalName}
      </td>
      <td role="cell" data-label={t('by')}>
        {who()}
      </td>
      <td role="cell" data-label={mail('number')} className="nowrap">
        <Link to={`/portal/claims/${claimId}`}>{number}</Link>
      </td>
      <td role="cell" data-label={mail('reference')}>
        <span className="mono small">{reference}</span>
      </td>
    </tr>
  );
}
