import { Link } from 'react-router';
import { call } from '../api/index.js';
import { type WebhookDelivery, type WebhookDeliveryList, webhooksDeliveries } from '../client/index.js';
import { Badge, EmptyState, SelectField, type Tone } from '../design/index.js';
import { eventTypes, eventTypeTexts } from '../events/type-texts.js';
import { LoadMore, Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { useFilters, usePages } from '../lists/index.js';
import { texts } from './texts.js';
import { webhooksKey } from './use-endpoint.js';

const states = ['pending', 'delivered', 'given_up'] as const;
const tones: Record<WebhookDelivery['state'], Tone> = { pending: 'info', delivered: 'success', given_up: 'danger' };

export function DeliveryState({ state }: Pick<WebhookDelivery, 'state'>) {
  const t = useTexts(texts);
  return <Badge tone={tones[state]}>{t(`delivery_${state}`)}</Badge>;
}

/** The name of a delivery's type; the contract allows types that are not known here yet. */
export function useTypeName(): (type: string) => string {
  const t = useTexts(texts);
  const typeName = useTexts(eventTypeTexts);
  return (type) => {
    const known = eventTypes.find((one) => one === type);
    return known !== undefined ? typeName(known) : type === 'webhook.test' ? t('testEvent') : type;
  };
}

/** What was sent to an endpoint, the newest first. Filters are in the address. */
export function Deliveries({ endpointId }: { endpointId: string }) {
  const t = useTexts(texts);
  const nameOf = useTypeName();
  const filters = useFilters();
  const state = states.find((one) => one === filters.get('state'));
  const type = filters.get('type');
  const pages = usePages<WebhookDelivery, WebhookDeliveryList>(
    [...webhooksKey, endpointId, 'deliveries', state, type],
    (cursor) =>
      call(() =>
        webhooksDeliveries({
          path: { endpointId },
          query: { limit: 50, ...(state && { state }), ...(type !== '' && { type }), ...(cursor && { cursor }) },
        }),
      ),
    { refetchInterval: 5_000 },
  );
  return (
    <section className="stack">
      <div>
        <h2>{t('deliveries')}</h2>
        <p className="small muted">{t('deliveriesWhat')}</p>
      </div>
      <search className="row">
        <SelectField
          name="state"
          label={t('state')}
          emptyLabel={t('anyState')}
          value={state ?? ''}
          options={states.map((value) => ({ value, label: t(`delivery_${value}`) }))}
          onChange={({ target }) => filters.set({ state: target.value })}
        />
        <SelectField
          name="type"
          label={t('event')}
          emptyLabel={t('anyEvent')}
          value={type}
          options={[...eventTypes, 'webhook.test'].map((value) => ({ value, label: nameOf(value) }))}
          onChange={({ target }) => filters.set({ type: target.value })}
        />
      </search>
      {pages.error ? (
        <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.items === undefined ? (
        <Loading />
      ) : pages.items.length === 0 ? (
        <Nothing isFiltered={state !== undefined || type !== ''} />
      ) : (
        <>
          <DeliveriesTable endpointId={endpointId} deliveries={pages.items} />
          <LoadMore pages={pages} />
        </>
      )}
    </section>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const t = useTexts(texts);
  return isFiltered ? (
    <p>{t('noSuchDeliveries')}</p>
  ) : (
    <EmptyState title={t('noDeliveries')}>
      <p>{t('noDeliveriesWhat')}</p>
    </EmptyState>
  );
}

function DeliveriesTable({ endpointId, deliveries }: { endpointId: string; deliveries: WebhookDelivery[] }) {
  const t = useTexts(texts);
  const nameOf = useTypeName();
  const format = useFormat();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('deliveries')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('event')}</th>
            <th scope="col">{t('state')}</th>
            <th scope="col" className="number">
              {t('attempts')}
            </th>
            <th scope="col">{t('queued')}</th>
            <th scope="col">{t('finished')}</th>
            <th scope="col">{t('nextAttempt')}</th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map(({ deliveryId, type, state, attempts, createdAt, finishedAt, nextAttemptAt }) => (
            <tr key={deliveryId}>
              <th scope="row">
                <Link to={`/webhooks/${endpointId}/deliveries/${deliveryId}`}>{nameOf(type)}</Link>
              </th>
              <td>
                <DeliveryState state={state} />
              </td>
              <td className="number">{format.number(attempts)}</td>
              <td className="nowrap">{format.instant(createdAt)}</td>
              <td className="nowrap">{finishedAt !== null && format.instant(finishedAt)}</td>
              <td className="nowrap">{state === 'pending' && nextAttemptAt !== null && format.instant(nextAttemptAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
