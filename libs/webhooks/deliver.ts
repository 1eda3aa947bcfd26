import type { DataSource } from 'typeorm';
import { feedCursor, type FeedPosition, readFeed } from '#libs/event-feed/index.js';
import type { Attempt } from './delivery.js';
import { enqueue } from './delivery-store.js';
import { type Endpoint, scopeOfEndpoint } from './endpoint.js';
import type { EndpointSecrets, SealedSecret } from './endpoint-secrets.js';
import { recordResults, type Result } from './delivery-results.js';
import { bodyOf, contentTypes, webhookEventOf } from './payload.js';
import type { Posted, Poster } from './post.js';
import { signatureHeaders } from './signature.js';

export interface DeliveryDependencies {
  source: DataSource;
  secrets: EndpointSecrets;
  poster: Poster;
  /** How many times sooner than usual failed deliveries are tried again. */
  retrySpeed: number;
  /** Names this installation in CloudEvents. */
  publicUrl: string;
}

/** Deliveries that an endpoint has queued at most; the rest waits in the feed, so that a dead endpoint costs next to nothing. */
const queueLength = 500;
/** Concurrent requests to one endpoint. */
const requestsAtOnce = 8;
/** Results that are stored together. */
const resultsAtOnce = 16;

interface WorkingEndpoint extends Pick<Endpoint, 'endpointId' | 'ownerKind' | 'ownerId' | 'locations' | 'types' | 'url' | 'format'> {
  secrets: SealedSecret[];
  isFailing: boolean;
  /** Until the endpoint may be tried again. */
  pausedMs: number;
  unreadPlace: string | null;
  unreadIndex: number | null;
}

interface QueuedDelivery {
  eventId: string;
  claimId: string | null;
  body: string;
  attempts: number;
  dueInMs: number;
}

/**
 * Delivers to one endpoint until `untilMs` have passed or nothing is due. Returns in how many milliseconds to go on; null when there is nothing
 * left to do, or the endpoint is disabled. Events of one claim go one after the other; a repeat may send once more what it had no time to note.
 */
export async function deliverToEndpoint(
  dependencies: DeliveryDependencies,
  endpointId: string,
  { untilMs, signal }: { untilMs: number; signal?: AbortSignal },
): Promise<number | null> {
  const { source } = dependencies;
  const end = performance.now() + untilMs;
  for (;;) {
    const endpoint = await beginWork(source, endpointId);
    if (endpoint === null) return null;
    if (endpoint.pausedMs > 0) return endpoint.pausedMs;
    const queued = await readQueue(source, endpointId);
    const chains = [...Map.groupBy(queued, ({ claimId, eventId }) => claimId ?? eventId).values()];
    const due = chains.filter(([first]) => first!.dueInMs <= 0);
    if (due.length === 0) {
      const hasRead = endpoint.unreadPlace !== null && queued.length < queueLength && (await readOn(dependencies, endpoint));
      if (hasRead) continue;
      if (chains.length === 0) return null;
      return Math.max(1, Math.min(...chains.map(([first]) => first!.dueInMs)));
    }
    if (performance.now() >= end || signal?.aborted === true) return 1;
    // A failing endpoint is tried with one request.
    await sendAll(dependencies, endpoint, endpoint.isFailing ? [due[0]!.slice(0, 1)] : due, { end, signal });
  }
}

async function beginWork(source: DataSource, endpointId: string): Promise<WorkingEndpoint | null> {
  const [rows] = await source.query<[WorkingEndpoint[], number]>(
    `UPDATE webhook_endpoints SET worked_at = clock_timestamp() WHERE endpoint_id = $1 AND disabled_because IS NULL
     RETURNING endpoint_id AS "endpointId", owner_kind AS "ownerKind", owner_id AS "ownerId", locations, types, url, format, secrets,
       failing_since IS NOT NULL AS "isFailing",
       greatest(0, extract(epoch FROM paused_until - clock_timestamp()) * 1000)::float8 AS "pausedMs",
       unread_place::text AS "unreadPlace", unread_index AS "unreadIndex"`,
    [endpointId],
  );
  const [endpoint] = rows;
  return endpoint === undefined ? null : { ...endpoint, pausedMs: Math.ceil(endpoint.pausedMs ?? 0) };
}

const readQueue = (source: DataSource, endpointId: string): Promise<QueuedDelivery[]> =>
  source.query<QueuedDelivery[]>(
    `SELECT event_id AS "eventId", claim_id AS "claimId", body, attempts,
       ceil(extract(epoch FROM next_attempt_at - clock_timestamp()) * 1000)::float8 AS "dueInMs"
     FROM webhook_deliveries WHERE endpoint_id = $1 AND state = 'pending' ORDER BY sequence LIMIT ${queueLength}`,
    [endpointId],
  );

/** Queues the next events of the feed. Returns whether there were any, or more may follow. */
async function readOn({ source, publicUrl }: DeliveryDependencies, endpoint: WorkingEndpoint): Promise<boolean> {
  const { endpointId, types, unreadPlace, unreadIndex, format } = endpoint;
  const after: FeedPosition = { place: unreadPlace!, index: unreadIndex!, mark: '' };
  const page = await readFeed(source.manager, scopeOfEndpoint(endpoint), { after, limit: 200, ...(types !== null && { types }) });
  const events = page.items.map(({ event, place }) => {
    const webhook = webhookEventOf(event, feedCursor(place));
    return { ...webhook, body: bodyOf(webhook, format, publicUrl) };
  });
  const { place, index } = page.next;
  await source.transaction(async (manager) => {
    await enqueue(manager, endpointId, events);
    // The dispatcher notes an endpoint that has nothing unread, so it must not pass by while that is stored. A replay may have moved it back.
    const [dispatch] = await manager.query<[{ place: string }]>('SELECT place::text FROM webhook_dispatch FOR SHARE');
    const isAtEnd = !page.hasMore && BigInt(place) >= BigInt(dispatch.place);
    await manager.query(
      `UPDATE webhook_endpoints SET unread_place = $4, unread_index = $5
       WHERE endpoint_id = $1 AND unread_place = $2 AND unread_index = $3`,
      [endpointId, unreadPlace, unreadIndex, ...(isAtEnd ? [null, null] : [place, index])],
    );
  });
  return events.length > 0 || page.hasMore;
}

interface Limits {
  end: number;
  signal: AbortSignal | undefined;
}

/** Sends chains of deliveries side by side, each in its order and up to its first failure. */
async function sendAll(
  dependencies: DeliveryDependencies,
  endpoint: WorkingEndpoint,
  chains: QueuedDelivery[][],
  { end, signal }: Limits,
): Promise<void> {
  const waiting = chains.values();
  let results: Result[] = [];
  let isStopped = false;
  const record = async () => {
    const finished = results;
    results = [];
    if (await recordResults(dependencies, endpoint.endpointId, finished)) isStopped = true;
  };
  const sendChains = async () => {
    for (const chain of waiting) {
      for (const delivery of chain) {
        if (isStopped || signal?.aborted === true || performance.now() >= end) return;
        const result = await attempt(dependencies, endpoint, delivery, signal);
        results.push(result);
        if (results.length >= resultsAtOnce || !result.isDelivered) await record();
        if (!result.isDelivered) break;
      }
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, sendChains));
  await record();
}

async function attempt(
  { secrets, poster }: DeliveryDependencies,
  { endpointId, url, format, secrets: stored }: WorkingEndpoint,
  { eventId, body, attempts }: QueuedDelivery,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const at = new Date();
  const live = secrets.live(endpointId, stored, at);
  const headers = { 'content-type': contentTypes[format], ...signatureHeaders({ id: eventId, at, body, secrets: live }) };
  const posted: Posted =
    live.length === 0
      ? {
          kind: 'failed',
          code: 'url',
          ms: 0,
          detail: 'The secret of this endpoint cannot be read with the key of this installation. Rotate it.',
        }
      : await poster.post(url, { headers, body }, signal);
  const isAnswered = posted.kind === 'answered';
  const entry: Attempt = {
    at: at.toISOString(),
    ms: Math.round(posted.ms),
    status: isAnswered ? posted.status : null,
    fault: isAnswered ? null : posted.code,
    excerpt: isAnswered ? posted.excerpt : posted.detail,
  };
  return {
    eventId,
    attempts,
    isDelivered: isAnswered && posted.status >= 200 && posted.status < 300,
    isGone: isAnswered && posted.status === 410,
    retryAfterMs: isAnswered ? posted.retryAfterMs : null,
    entry,
  };
}
