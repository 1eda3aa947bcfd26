import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { call } from '../../api/index.js';
import { useLabels } from '../../claims-list/use-labels.js';
import { claimTexts } from '../../claim-words/index.js';
import { type QueuedClaim, reviewQueueList } from '../../client/index.js';
import { Button, EmptyState, SelectField, TextField } from '../../design/index.js';
import { LoadMore, Loading, ProblemNotice } from '../../feedback/index.js';
import { useTexts } from '../../i18n/index.js';
import { ShortcutHelp } from '../../keyboard/index.js';
import { useFilters, usePages } from '../../lists/index.js';
import '../reviews.css';
import { texts } from '../texts.js';
import { linkId } from './link-id.js';
import { NextReview } from './next-review.js';
import { QueueTable } from './queue-table.js';

const phases = ['submitted', 'under_review', 'disputed', 'consent_pending'] as const;
const refreshMs = 30_000;

/** What waits for this reviewer, the most urgent first (domain.md 13). */
export function Component() {
  const t = useTexts(texts);
  const words = useTexts(claimTexts);
  const filters = useFilters();
  const labels = useLabels();
  const pages = usePages<QueuedClaim, { items: QueuedClaim[]; next: string | null }>(
    ['review-queue', filters.query],
    (cursor) => call(() => reviewQueueList({ query: { ...filters.query, ...(cursor && { cursor }) } })),
    { refetchInterval: refreshMs },
  );
  const keys = useQueueKeys(pages.items ?? []);
  const isFiltered = Object.keys(filters.query).length > 0;
  return (
    <>
      <div className="row-between">
        <h1>{t('queueTitle')}</h1>
        <div className="row">
          <ShortcutHelp
            shortcuts={keys.shortcuts}
            hints={[
              { keys: ['j', 'k'], what: t('keyMove') },
              { keys: ['o', 'Enter'], what: t('keyOpen') },
              { keys: ['a'], what: t('keyApprove') },
              { keys: ['i'], what: t('keyAsk') },
              { keys: ['r'], what: t('keyReject') },
              { keys: ['n'], what: t('keyNext') },
            ]}
          />
          <NextReview buttonRef={keys.nextButton} />
        </div>
      </div>
      <search className="row">
        <TextField
          name="q"
          type="search"
          label={t('search')}
          placeholder={t('searchHint')}
          defaultValue={filters.get('q')}
          onChange={(event) => filters.set({ q: event.target.value })}
        />
        <SelectField
          name="phase"
          label={t('phase')}
          emptyLabel={t('anyPhase')}
          value={filters.get('phase')}
          options={phases.map((phase) => ({ value: phase, label: phase === 'consent_pending' ? t('onHold') : words(phase) }))}
          onChange={(event) => filters.set({ phase: event.target.value })}
        />
        <SelectField
          name="isCompeting"
          label={t('competition')}
          emptyLabel={t('anyCompetition')}
          value={filters.get('isCompeting')}
          options={[
            { value: 'true', label: t('competingOnly') },
            { value: 'false', label: t('notCompeting') },
          ]}
          onChange={(event) => filters.set({ isCompeting: event.target.value })}
        />
        <SelectField
          name="product"
          label={t('product')}
          emptyLabel={t('anyProduct')}
          value={filters.get('product')}
          options={labels.products.map((product) => ({ value: product, label: labels.codes.product(product) }))}
          onChange={(event) => filters.set({ product: event.target.value })}
        />
        <SelectField
          name="taken"
          label={t('takenBy')}
          emptyLabel={t('anyTaken')}
          value={filters.get('isMine') === 'true' ? 'me' : filters.get('isTaken') === 'false' ? 'nobody' : ''}
          options={[
            { value: 'me', label: t('takenByMe') },
            { value: 'nobody', label: t('takenByNobody') },
          ]}
          onChange={({ target: { value } }) =>
            filters.set({ isMine: value === 'me' ? 'true' : '', isTaken: value === 'nobody' ? 'false' : '' })
          }
        />
        {isFiltered && (
          <Button kind="quiet" onClick={filters.clear}>
            {t('clear')}
          </Button>
        )}
      </search>
      {pages.error ? (
        <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.items === undefined ? (
        <Loading />
      ) : pages.items.length === 0 ? (
        <EmptyState title={t(isFiltered ? 'noMatchTitle' : 'emptyTitle')}>
          <p>{t(isFiltered ? 'noMatchWhat' : 'emptyWhat')}</p>
        </EmptyState>
      ) : (
        <>
          <QueueTable claims={pages.items} current={keys.current} onCurrent={keys.setCurrent} />
          <LoadMore pages={pages} />
        </>
      )}
    </>
  );
}

/** Moves through the rows by keys. The row's link has the focus, so a screen reader hears where the person is. */
function useQueueKeys(claims: QueuedClaim[]) {
  const navigate = useNavigate();
  const nextButton = useRef<HTMLButtonElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const index = claims.findIndex(({ claimId }) => claimId === current);
  const focus = (claim: QueuedClaim | undefined) => {
    if (claim === undefined) return;
    setCurrent(claim.claimId);
    document.getElementById(linkId(claim.claimId))?.focus();
  };
  // A claim that has left the queue takes the place in it along.
  useEffect(() => {
    if (current !== null && index === -1) setCurrent(null);
  }, [current, index]);
  const open = (act?: string) => {
    const claim = claims[index];
    if (claim !== undefined) void navigate(`/reviews/${claim.claimId}${act === undefined ? '' : `?do=${act}`}`);
  };
  return {
    current,
    setCurrent,
    nextButton,
    shortcuts: {
      j: () => focus(claims[Math.min(index + 1, claims.length - 1)]),
      k: () => focus(claims[Math.max(index - 1, 0)]),
      o: () => open(),
      a: () => open('approve'),
      i: () => open('ask'),
      r: () => open('reject'),
      n: () => nextButton.current?.click(),
    },
  };
}
