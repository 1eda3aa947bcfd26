import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { call } from '../api/index.js';
import { type WebhookAttempt, webhooksDelivery, webhooksRetry } from '../client/index.js';
import { Banner, Button, Facts } from '../design/index.js';
import { ErrorSummary, Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { BackLink } from '../lists/index.js';
import { useSession } from '../session/index.js';
import { DeliveryState, useTypeName } from './deliveries.js';
import { texts } from './texts.js';
import { useChange, webhooksKey } from './use-endpoint.js';
import './webhooks.css';

/** One event to one endpoint: what is sent, and every answer to it. */
export function Component() {
  const t = useTexts(texts);
  const nameOf = useTypeName();
  const format = useFormat();
  const { can } = useSession();
  const { endpointId = '', deliveryId = '' } = useParams();
  const path = { endpointId, deliveryId };
  const delivery = useQuery({
    queryKey: [...webhooksKey, endpointId, 'deliveries', 'one', deliveryId],
    queryFn: () => call(() => webhooksDelivery({ path })),
    refetchInterval: 5_000,
  });
  const retry = useChange((_: void, headers) => call(() => webhooksRetry({ path, headers })));
  const { data } = delivery;
  return (
    <>
      <BackLink to={`/webhooks/${endpointId}`}>{t('backToEndpoint')}</BackLink>
      {delivery.error && <ProblemNotice error={delivery.error} onRetry={() => void delivery.refetch()} />}
      {data === undefined ? (
        !delivery.error && <Loading />
      ) : (
        <>
          <div className="row">
            <h1>{nameOf(data.type)}</h1>
            <DeliveryState state={data.state} />
          </div>
          {retry.isSuccess && <Banner tone="success" isAlert title={t('retried')} />}
          <ErrorSummary problem={retry.problem} />
          <Facts
            items={[
              [t('id'), <code key="id">{data.deliveryId}</code>],
              [t('event'), <code key="type">{data.type}</code>],
              [
                t('claim'),
                data.claimId !== null && can('claims.read') ? (
                  <Link key="claim" to={`/claims/${data.claimId}`}>
                    {t('openClaim')}
                  </Link>
                ) : (
                  data.claimId
                ),
              ],
              [t('queued'), format.instant(data.createdAt)],
              [t('finished'), data.finishedAt === null ? null : format.instant(data.finishedAt)],
              [t('nextAttempt'), data.state === 'pending' && data.nextAttemptAt !== null ? format.instant(data.nextAttemptAt) : null],
            ]}
          />
          <div className="row">
            <Button kind="primary" isPending={retry.isPending} onClick={() => retry.mutate()}>
              {t('retry')}
            </Button>
          </div>
          <Answers log={data.log} />
          <section className="stack-tight">
            <h2>{t('request')}</h2>
            <p className="small muted">{t('requestWhat')}</p>
            <pre className="webhook-body" tabIndex={0}>
              {readable(data.body)}
            </pre>
          </section>
        </>
      )}
    </>
  );
}

function Answers({ log }: { log: WebhookAttempt[] }) {
  const t = useTexts(texts);
  const format = useFormat();
  if (log.length === 0) return <p>{t('noAnswers')}</p>;
  return (
    <section className="stack-tight">
      <h2>{t('answers')}</h2>
      <div className="table-frame" tabIndex={0} role="region" aria-label={t('answers')}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('at')}</th>
              <th scope="col">{t('answer')}</th>
              <th scope="col" className="number">
                {t('took')}
              </th>
              <th scope="col">{t('beginning')}</th>
            </tr>
          </thead>
          <tbody>
            {log.toReversed().map(({ at, status, fault, ms, excerpt }, index) => (
              <tr key={index}>
                <td className="nowrap">{format.instant(at)}</td>
                <td>{status ?? faultWords(fault, t)}</td>
                <td className="number">{t('ms', { ms: format.number(ms) })}</td>
                <td className="webhook-excerpt">{excerpt !== '' && <code>{excerpt}</code>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const faults = ['address_refused', 'dns', 'connect', 'tls', 'timeout', 'cut', 'protocol', 'url'] as const;

function faultWords(fault: string | null, t: ReturnType<typeof useTexts<keyof (typeof texts)['en']>>): string {
  const known = faults.find((one) => one === fault);
  return known === undefined ? (fault ?? '') : t(`fault_${known}`);
}

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
