import { call } from '../api/index.js';
import { claimsHistory, type HistoryEntry } from '../client/index.js';
import { Badge, Button } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useLanguage, useTexts } from '../i18n/index.js';
import { usePages } from '../lists/index.js';
import { texts } from './texts.js';
import { claimKey } from './use-claim.js';

const pageSize = 30;

/** What happened to the claim, newest first, with what people wrote where they wrote it. */
export function Timeline({ claimId }: { claimId: string }) {
  const t = useTexts(texts);
  const { language } = useLanguage();
  const pages = usePages<HistoryEntry, { items: HistoryEntry[]; next: string | null }>(
    [...claimKey(claimId), 'history', language],
    (cursor) =>
      call(() => claimsHistory({ path: { claimId }, query: { language, order: 'newest', limit: pageSize, ...(cursor && { cursor }) } })),
  );
  return (
    <section className="stack-tight" aria-labelledby="timeline">
      <h2 id="timeline">{t('timeline')}</h2>
      {pages.error ? (
        <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.items === undefined ? (
        <Loading />
      ) : (
        <>
          <ol className="timeline">
            {pages.items.map((entry) => (
              <Entry key={entry.version} entry={entry} />
            ))}
          </ol>
          {pages.hasNextPage ? (
            <div>
              <Button isPending={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {t('earlierEvents')}
              </Button>
            </div>
          ) : (
            <p className="small muted">{t('begin')}</p>
          )}
        </>
      )}
    </section>
  );
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { title, detail, type, at, by, comment, data } = entry;
  const who = t(by.kind in knownKinds ? `by_${by.kind}` : 'by_system');
  return (
    <li className="event" data-kind={by.kind}>
      <div className="row">
        <span className="event-title">{title ?? type}</span>
        {data['visibility'] === 'internal' && <Badge tone="warning">{t('internal')}</Badge>}
      </div>
      {detail !== null && <p className="small">{detail}</p>}
      {comment !== null && <blockquote className="said">{comment}</blockquote>}
      <p className="small muted">
        {by.subject === null || by.kind === 'system' ? who : `${who} (${by.subject})`} · <time dateTime={at}>{format.instant(at)}</time>
      </p>
    </li>
  );
}

const knownKinds = { partner: true, reviewer: true, customer: true, operator: true, system: true };
