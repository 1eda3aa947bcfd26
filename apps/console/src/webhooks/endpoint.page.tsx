import { useState } from 'react';
import { useParams } from 'react-router';
import type { WebhookEndpoint } from '../client/index.js';
import { Banner, Facts } from '../design/index.js';
import { eventTypeTexts } from '../events/type-texts.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { BackLink } from '../lists/index.js';
import { Deliveries } from './deliveries.js';
import { EndpointActs } from './endpoint-acts.js';
import { StateBadge } from './state-badge.js';
import { texts } from './texts.js';
import { useEndpoint } from './use-endpoint.js';
import './webhooks.css';

/** One endpoint: how it does, what can be done, and what was sent to it. */
export function Component() {
  const t = useTexts(texts);
  const { endpointId = '' } = useParams();
  const endpoint = useEndpoint(endpointId);
  const [said, setSaid] = useState<string | null>(null);
  return (
    <>
      <BackLink to="/webhooks">{t('back')}</BackLink>
      {endpoint.error && <ProblemNotice error={endpoint.error} onRetry={() => void endpoint.refetch()} />}
      {endpoint.data === undefined ? (
        !endpoint.error && <Loading />
      ) : (
        <>
          <div className="row">
            <h1 className="webhook-url">{endpoint.data.url}</h1>
            <StateBadge state={endpoint.data.state} />
          </div>
          {said !== null && <Banner tone="success" isAlert title={said} />}
          <Health endpoint={endpoint.data} />
          <EndpointFacts endpoint={endpoint.data} />
          <EndpointActs endpoint={endpoint.data} onDone={setSaid} />
          <Deliveries endpointId={endpointId} />
        </>
      )}
    </>
  );
}

function Health({ endpoint: { state, failingSince, pausedUntil, disabledBecause } }: { endpoint: WebhookEndpoint }) {
  const t = useTexts(texts);
  const format = useFormat();
  if (state === 'enabled') return null;
  if (disabledBecause !== null)
    return (
      <Banner tone="warning" title={t('disabledTitle')}>
        <p>
          {t(`because_${disabledBecause}`)} {t('enableWhat')}
        </p>
      </Banner>
    );
  return (
    <Banner tone="danger" title={t('failingTitle', { at: failingSince === null ? '' : format.instant(failingSince) })}>
      <p>
        {t('failingWhat')} {pausedUntil !== null && t('nextTry', { at: format.instant(pausedUntil) })}
      </p>
    </Banner>
  );
}

function EndpointFacts({ endpoint }: { endpoint: WebhookEndpoint }) {
  const t = useTexts(texts);
  const typeName = useTexts(eventTypeTexts);
  const format = useFormat();
  const { description, types, locations, contactEmail, pending, isBehind, deliveredAt, createdAt, createdBy } = endpoint;
  return (
    <Facts
      items={[
        [t('description'), description || null],
        [t('events'), types === null ? t('allEvents') : format.list(types.map((type) => typeName(type)))],
        [t('locations'), locations === null ? null : format.list(locations)],
        [t('format'), t(`format_${endpoint.format}`)],
        [t('contact'), contactEmail],
        [t('waiting'), isBehind && pending > 0 ? t('andMore', { count: format.number(pending) }) : format.number(pending)],
        [t('lastDelivered'), deliveredAt === null ? t('never') : format.instant(deliveredAt)],
        [t('created'), t('createdBy', { at: format.instant(createdAt), by: createdBy })],
      ]}
    />
  );
}
