import { useState } from 'react';
import { call } from '../api/index.js';
import { deliveriesList, type Delivery, type DeliveryList } from '../client/index.js';
import { Badge, Button, SelectField, type Tone } from '../design/index.js';
import { Loading, LoadMore, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { usePages } from '../lists/index.js';
import { texts } from './deliveries.texts.js';
import { pendingOptions } from './use-operations.js';
import type { AskedClaim } from './workflow-dialog.js';

type State = Delivery['state'];
const states = ['retrying', 'held', 'failed', 'undeliverable'] as const satisfies State[];
const tones: Record<State, Tone> = { retrying: 'warning', held: 'warning', failed: 'danger', undeliverable: 'danger' };

/** Mails that are sent again and again, or were given up, with the error of the last attempt; those whose trouble began last first. */
export function Deliveries({ onAsk }: { onAsk: (claim: AskedClaim) => void }) {
  const t = useTexts(texts);
  // Mails given up stay in the list for good, so those that can still be helped are shown first.
  const [state, setState] = useState<State | ''>('retrying');
  const pages = usePages<Delivery, DeliveryList>(
    ['operations', 'deliveries', state],
    (cursor) => call(() => deliveriesList({ query: { ...(state && { state }), ...(cursor && { cursor }) } })),
    pendingOptions,
  );
  return (
    <section className="stack-tight">
      <div className="row-between">
        <h2>{t('title')}</h2>
        <SelectField
          name="deliveryState"
          label={t('state')}
          emptyLabel={t('any')}
          options={states.map((value) => ({ value, label: t(value) }))}
          value={state}
          onChange={({ target }) => setState(target.value as State | '')}
        />
      </div>
      {pages.items === undefined ? (
        pages.error ? (
          <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />
        ) : (
          <Loading />
        )
      ) : pages.items.length === 0 ? (
        <p className="muted">{t(state === 'retrying' ? 'noneRetried' : 'none')}</p>
      ) : (
        <>
          <div className="table-frame" tabIndex={0} role="region" aria-label={t('title')}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t('claim')}</th>
                  <th scope="col">{t('mail')}</th>
                  <th scope="col">{t('error')}</th>
                  <th scope="col">{t('attempts')}</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {pages.items.map((delivery) => (
                  <Row key={delivery.deliveryId} delivery={delivery} onAsk={onAsk} />
                ))}
              </tbody>
            </table>
          </div>
          <LoadMore pages={pages} />
        </>
      )}
    </section>
  );
}

function Row({ delivery, onAsk }: { delivery: Delivery; onAsk: (claim: AskedClaim) => void }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { claimId, number, mail, domain, state, since, attempts, lastAttemptAt, nextAttemptAt, error } = delivery;
  return (
    <tr>
      <th scope="row" className="nowrap">
        {number}
      </th>
      <td>
        <div className="stack-tight">
          <span>{t(mail)}</span>
          <span className="small muted">{domain === null ? t('erased') : t('to', { domain })}</span>
        </div>
      </td>
      <td>
        <div className="stack-tight">
          <span className="row">
            <Badge tone={tones[state]}>{t(state)}</Badge>
            <code>{error.code}</code>
          </span>
          {error.text !== null && <span className="operations-error">{error.text}</span>}
        </div>
      </td>
      <td>
        <div className="stack-tight small">
          <span>{t('attemptsSince', { attempts, since: format.instant(since) })}</span>
          {lastAttemptAt !== null && <span className="nowrap">{t('last', { at: format.instant(lastAttemptAt) })}</span>}
          {nextAttemptAt !== null && <span className="nowrap">{t('next', { at: format.instant(nextAttemptAt) })}</span>}
        </div>
      </td>
      <td>
        <Button kind="quiet" aria-label={t('workflowOf', { number })} onClick={() => onAsk({ claimId, number })}>
          {t('workflow')}
        </Button>
      </td>
    </tr>
  );
}
