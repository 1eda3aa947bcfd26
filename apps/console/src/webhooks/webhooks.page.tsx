import { useState } from 'react';
import { Link } from 'react-router';
import type { CreatedWebhookEndpoint, WebhookEndpoint } from '../client/index.js';
import { Button, EmptyState } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { EndpointForm } from './endpoint-form.js';
import { SecretDialog } from './secret-dialog.js';
import { StateBadge } from './state-badge.js';
import { texts } from './texts.js';
import { useEndpoints } from './use-endpoint.js';
import './webhooks.css';

/** Where events are sent to: the endpoints of the caller's side. */
export function Component() {
  const t = useTexts(texts);
  const endpoints = useEndpoints();
  const [isAdding, setAdding] = useState(false);
  const [created, setCreated] = useState<CreatedWebhookEndpoint | null>(null);
  return (
    <>
      <div className="row-between">
        <h1>{t('title')}</h1>
        <Button kind="primary" onClick={() => setAdding(true)}>
          {t('add')}
        </Button>
      </div>
      <p className="muted">{t('what')}</p>
      {endpoints.error && <ProblemNotice error={endpoints.error} onRetry={() => void endpoints.refetch()} />}
      {endpoints.data === undefined ? (
        !endpoints.error && <Loading />
      ) : endpoints.data.items.length === 0 ? (
        <EmptyState title={t('noneTitle')}>
          <p>{t('noneWhat')}</p>
        </EmptyState>
      ) : (
        <EndpointsTable endpoints={endpoints.data.items} />
      )}
      {isAdding && <EndpointForm endpoint={null} onClose={() => setAdding(false)} onCreated={setCreated} />}
      {created !== null && <SecretDialog secret={created.secret} onClose={() => setCreated(null)} />}
    </>
  );
}

function EndpointsTable({ endpoints }: { endpoints: WebhookEndpoint[] }) {
  const t = useTexts(texts);
  const format = useFormat();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('title')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('endpoint')}</th>
            <th scope="col">{t('state')}</th>
            <th scope="col">{t('events')}</th>
            <th scope="col">{t('waiting')}</th>
            <th scope="col">{t('lastDelivered')}</th>
          </tr>
        </thead>
        <tbody>
          {endpoints.map(({ endpointId, url, description, state, types, pending, isBehind, deliveredAt }) => (
            <tr key={endpointId}>
              <th scope="row" className="webhook-url">
                <Link to={`/webhooks/${endpointId}`}>{url}</Link>
                {description !== '' && <div className="small muted">{description}</div>}
              </th>
              <td>
                <StateBadge state={state} />
              </td>
              <td>{types === null ? t('allEvents') : t('someEvents', { count: types.length })}</td>
              <td>{isBehind && pending > 0 ? t('andMore', { count: format.number(pending) }) : format.number(pending)}</td>
              <td className="nowrap">{deliveredAt === null ? t('never') : format.instant(deliveredAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
