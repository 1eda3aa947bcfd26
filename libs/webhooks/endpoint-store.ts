import type { DataSource, EntityManager } from 'typeorm';
import type { Endpoint, EndpointOwner, EndpointSettings } from './endpoint.js';
import type { SealedSecret } from './endpoint-secrets.js';

type Queryable = Pick<EntityManager, 'query'>;

const columns = `
  e.endpoint_id AS "endpointId", e.owner_kind AS "ownerKind", e.owner_id AS "ownerId", e.url, e.description, e.types, e.locations, e.format,
  e.contact_email AS "contactEmail", e.version, e.disabled_because AS "disabledBecause", e.disabled_at AS "disabledAt",
  e.failing_since AS "failingSince", e.paused_until AS "pausedUntil", e.delivered_at AS "deliveredAt", e.created_by AS "createdBy",
  e.created_at AS "createdAt", e.unread_place IS NOT NULL AS "isBehind",
  (SELECT count(*)::int FROM webhook_deliveries d WHERE d.endpoint_id = e.endpoint_id AND d.state = 'pending') AS pending`;

/** SQL that is true for the endpoints of an owner. One who covers some locations sees the endpoints that are told of no others. */
function isOwn(owner: EndpointOwner, parameters: unknown[]): string {
  const own = `e.owner_kind = $${parameters.push(owner.kind)} AND e.owner_id = $${parameters.push(owner.kind === 'vendor' ? '' : owner.id)}`;
  if (owner.kind !== 'partner' || owner.locations === null) return own;
  return `${own} AND e.locations <@ $${parameters.push(owner.locations)}::text[]`;
}

/** Stores an endpoint, unless the same request has done so before. Returns whether it is new; null when the owner has too many. */
export async function addEndpoint(
  source: DataSource,
  owner: EndpointOwner,
  endpoint: EndpointSettings & { endpointId: string; secret: SealedSecret; createdBy: string; atMost: number },
): Promise<boolean | null> {
  return source.transaction(async (manager) => {
    const ownerId = owner.kind === 'vendor' ? '' : owner.id;
    // One at a time for each owner, so that two requests cannot both take the last place.
    await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`webhook endpoints of ${owner.kind} ${ownerId}`]);
    const [row] = await manager.query<[{ count: number; isKnown: boolean | null }]>(
      `SELECT count(*)::int AS count, bool_or(endpoint_id = $3) AS "isKnown" FROM webhook_endpoints WHERE owner_kind = $1 AND owner_id = $2`,
      [owner.kind, ownerId, endpoint.endpointId],
    );
    if (row.isKnown === true) return false;
    if (row.count >= endpoint.atMost) return null;
    const { endpointId, url, description, types, locations, format, contactEmail, secret, createdBy } = endpoint;
    // While there is no endpoint nothing is dispatched; the first one is not to be told of what happened before.
    await manager.query('SELECT FROM webhook_dispatch FOR UPDATE');
    await manager.query('SELECT assign_feed_places()');
    await manager.query(
      `UPDATE webhook_dispatch SET place = coalesce((SELECT max(place) FROM feed_places), 0)
       WHERE NOT EXISTS (SELECT FROM webhook_endpoints)`,
    );
    await manager.query(
      `INSERT INTO webhook_endpoints (endpoint_id, owner_kind, owner_id, url, description, types, locations, format, contact_email, secrets, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [endpointId, owner.kind, ownerId, url, description, types, locations, format, contactEmail, JSON.stringify([secret]), createdBy],
    );
    return true;
  });
}

/** Lists an owner's endpoints, the oldest first. There are few. */
export function listEndpoints(database: Queryable, owner: EndpointOwner): Promise<Endpoint[]> {
  const parameters: unknown[] = [];
  return database.query<Endpoint[]>(
    `SELECT ${columns} FROM webhook_endpoints e WHERE ${isOwn(owner, parameters)} ORDER BY e.created_at, e.endpoint_id`,
    parameters,
  );
}

export async function findEndpoint(database: Queryable, owner: EndpointOwner, endpointId: string): Promise<Endpoint | null> {
  const parameters: unknown[] = [endpointId];
  const [row] = await database.query<Endpoint[]>(
    `SELECT ${columns} FROM webhook_endpoints e WHERE e.endpoint_id = $1 AND ${isOwn(owner, parameters)}`,
    parameters,
  );
  return row ?? null;
}

/** Replaces the settings of an endpoint if it is at one of the versions, or at any for null. Returns whether it was. */
export async function changeEndpoint(
  database: Queryable,
  endpointId: string,
  basedOn: readonly number[] | null,
  { url, description, types, locations, format, contactEmail }: EndpointSettings,
): Promise<boolean> {
  const [rows] = await database.query<[unknown[], number]>(
    `UPDATE webhook_endpoints SET url = $3, description = $4, types = $5, locations = $6, format = $7, contact_email = $8, version = version + 1
     WHERE endpoint_id = $1 AND ($2::int[] IS NULL OR version = ANY($2)) RETURNING 1`,
    [endpointId, basedOn, url, description, types, locations, format, contactEmail],
  );
  return rows.length > 0;
}

export async function disableEndpoint(database: Queryable, endpointId: string): Promise<void> {
  await database.query(
    `UPDATE webhook_endpoints SET disabled_because = 'owner', disabled_at = clock_timestamp(), version = version + 1
     WHERE endpoint_id = $1 AND disabled_because IS NULL`,
    [endpointId],
  );
}

/** Enables an endpoint. It continues where it stopped, or with what happens from now on. */
export async function enableEndpoint(source: DataSource, endpointId: string, skipsMissed: boolean): Promise<void> {
  await source.transaction(async (manager) => {
    // Also forgets that it failed, so that it is tried at once.
    await manager.query(
      `UPDATE webhook_endpoints SET disabled_because = NULL, disabled_at = NULL, told_at = NULL, failures = 0, failing_since = NULL,
         paused_until = NULL, version = version + 1 WHERE endpoint_id = $1`,
      [endpointId],
    );
    if (!skipsMissed) {
      await manager.query(
        `UPDATE webhook_deliveries SET next_attempt_at = clock_timestamp() WHERE endpoint_id = $1 AND state = 'pending'`,
        [endpointId],
      );
      return;
    }
    await manager.query('UPDATE webhook_endpoints SET unread_place = NULL, unread_index = NULL WHERE endpoint_id = $1', [endpointId]);
    await manager.query(
      `UPDATE webhook_deliveries SET state = 'given_up', next_attempt_at = NULL, finished_at = clock_timestamp()
       WHERE endpoint_id = $1 AND state = 'pending'`,
      [endpointId],
    );
  });
}

export async function removeEndpoint(database: Queryable, endpointId: string): Promise<void> {
  await database.query('DELETE FROM webhook_endpoints WHERE endpoint_id = $1', [endpointId]);
}

/** Two secrets sign at a time: the receiver can change over without losing an event. */
const liveSecrets = 2;

/** Adds a secret. Those before it sign until `previousEndAt` at the latest. */
export async function rotateSecret(source: DataSource, endpointId: string, added: SealedSecret, previousEndAt: Date): Promise<void> {
  await source.transaction(async (manager) => {
    const [row] = await manager.query<{ secrets: SealedSecret[] }[]>(
      'SELECT secrets FROM webhook_endpoints WHERE endpoint_id = $1 FOR UPDATE',
      [endpointId],
    );
    const ending = row!.secrets.map(({ sealed, endsAt }) => ({
      sealed,
      endsAt: endsAt === null || Date.parse(endsAt) > previousEndAt.getTime() ? previousEndAt.toISOString() : endsAt,
    }));
    await manager.query('UPDATE webhook_endpoints SET secrets = $2, version = version + 1 WHERE endpoint_id = $1', [
      endpointId,
      JSON.stringify([added, ...ending].slice(0, liveSecrets)),
    ]);
  });
}
