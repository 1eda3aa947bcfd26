import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import type { Scope } from '#libs/auth/index.js';
import { ClaimEngine } from '#libs/engine/index.js';
import { Problem } from '#libs/problems/index.js';
import {
  addEndpoint,
  bodyOf,
  changeEndpoint,
  checkUrl,
  createAddressGuard,
  type Delivery,
  disableEndpoint,
  enableEndpoint,
  type Endpoint,
  type EndpointOwner,
  type EndpointSettings,
  EndpointSecrets,
  enqueue,
  findDelivery,
  findEndpoint,
  listDeliveries,
  listEndpoints,
  removeEndpoint,
  replaySince,
  retryDelivery,
  retryGivenUp,
  rotateSecret,
  type SealedSecret,
  testType,
  webhookRootKey,
} from '#libs/webhooks/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { type Caller, requestIdOf } from '../auth/caller.js';
import type { DeliveryQuery, NewReplay } from './delivery.view.js';
import type { EndpointChange, NewEndpoint } from './endpoint.view.js';

/** Endpoints that one owner has at most. */
const endpointsOfOwner = 50;
const hour = 3_600_000;

/** Registers webhook endpoints within the caller's scope, and shows what was sent to them. */
@Injectable()
export class WebhooksService {
  private readonly logger = new Logger(WebhooksService.name);
  private readonly secrets: EndpointSecrets | null;
  private readonly urls: Parameters<typeof checkUrl>[1];

  constructor(
    private readonly source: DataSource,
    private readonly engine: ClaimEngine,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {
    const key = webhookRootKey(config);
    this.secrets = key && new EndpointSecrets(key);
    this.urls = { allowHttp: config.webhooks.allowsHttp, guard: createAddressGuard(config.webhooks.allowedNetworks) };
  }

  async create(caller: Caller, sent: z.output<typeof NewEndpoint>): Promise<{ endpoint: Endpoint; secret: string }> {
    const secrets = this.requireSecrets();
    const owner = ownerOf(caller.scope);
    const settings = { ...sent, url: this.checkedUrl(sent.url), locations: locationsFor(owner, sent.locations) };
    const endpointId = requestIdOf(caller, 'webhook endpoint');
    const { secret, stored } = secrets.create(endpointId);
    const isNew = await addEndpoint(this.source, owner, {
      ...settings,
      endpointId,
      secret: stored,
      createdBy: caller.principal.subject,
      atMost: endpointsOfOwner,
    });
    if (isNew === null) throw new Problem('too_many_endpoints', { detail: `There are ${endpointsOfOwner} endpoints already.` });
    // The same request again: its answer was lost, perhaps, so it gets another secret.
    if (!isNew) await this.repeat(caller.scope, endpointId, settings, stored);
    return { endpoint: await this.find(caller.scope, endpointId), secret };
  }

  private async repeat(scope: Scope, endpointId: string, sent: EndpointSettings, secret: SealedSecret): Promise<void> {
    const { url, description, types, locations, format, contactEmail } = await this.find(scope, endpointId);
    if (!isDeepStrictEqual({ url, description, types, locations, format, contactEmail }, sent)) throw new Problem('idempotency_conflict');
    await rotateSecret(this.source, endpointId, secret, new Date());
  }

  list(scope: Scope): Promise<Endpoint[]> {
    return listEndpoints(this.source, ownerOf(scope));
  }

  async find(scope: Scope, endpointId: string): Promise<Endpoint> {
    const endpoint = await findEndpoint(this.source, ownerOf(scope), endpointId);
    if (endpoint === null) throw new Problem('not_found');
    return endpoint;
  }

  async change(scope: Scope, endpointId: string, basedOn: ExpectedVersion, change: z.output<typeof EndpointChange>): Promise<Endpoint> {
    const endpoint = await this.find(scope, endpointId);
    const { url = endpoint.url, locations = endpoint.locations } = change;
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const settings = { ...endpoint, ...given, url: this.checkedUrl(url), locations: locationsFor(ownerOf(scope), locations) };
    if (!(await changeEndpoint(this.source, endpointId, basedOn === 'any' ? null : basedOn, settings)))
      throw new Problem('version_conflict');
    this.wake(endpointId);
    return this.find(scope, endpointId);
  }

  async remove(scope: Scope, endpointId: string): Promise<void> {
    await this.find(scope, endpointId);
    await removeEndpoint(this.source, endpointId);
  }

  async rotate(scope: Scope, endpointId: string, overlapHours: number): Promise<{ secret: string; previousEndsAt: string }> {
    await this.find(scope, endpointId);
    const { secret, stored } = this.requireSecrets().create(endpointId);
    const previousEndsAt = new Date(Date.now() + overlapHours * hour);
    await rotateSecret(this.source, endpointId, stored, previousEndsAt);
    return { secret, previousEndsAt: previousEndsAt.toISOString() };
  }

  async disable(scope: Scope, endpointId: string): Promise<Endpoint> {
    await this.find(scope, endpointId);
    await disableEndpoint(this.source, endpointId);
    return this.find(scope, endpointId);
  }

  async enable(scope: Scope, endpointId: string, skipMissed: boolean): Promise<Endpoint> {
    await this.find(scope, endpointId);
    await enableEndpoint(this.source, endpointId, skipMissed);
    this.wake(endpointId);
    return this.find(scope, endpointId);
  }

  /** Queues an event that says nothing, as any other is queued. */
  async test(caller: Caller, endpointId: string): Promise<Delivery> {
    const { format } = await this.find(caller.scope, endpointId);
    const eventId = requestIdOf(caller, 'webhook test');
    const event = { eventId, type: testType, recordedAt: new Date().toISOString(), claimId: null, sequence: null, data: { endpointId } };
    await enqueue(this.source.manager, endpointId, [{ ...event, body: bodyOf(event, format, this.config.api.publicUrl) }]);
    this.wake(endpointId);
    return this.delivery(caller.scope, endpointId, eventId);
  }

  async deliveries(scope: Scope, endpointId: string, { cursor, limit, ...filter }: z.output<typeof DeliveryQuery>): Promise<Delivery[]> {
    await this.find(scope, endpointId);
    return listDeliveries(this.source.manager, endpointId, { ...filter, before: cursor, limit: limit + 1 });
  }

  async delivery(scope: Scope, endpointId: string, eventId: string): Promise<Delivery> {
    await this.find(scope, endpointId);
    const delivery = await findDelivery(this.source.manager, endpointId, eventId);
    if (delivery === null) throw new Problem('not_found');
    return delivery;
  }

  async retry(scope: Scope, endpointId: string, eventId: string): Promise<Delivery> {
    await this.delivery(scope, endpointId, eventId);
    await retryDelivery(this.source.manager, endpointId, eventId);
    this.wake(endpointId);
    return this.delivery(scope, endpointId, eventId);
  }

  async replay(scope: Scope, endpointId: string, { since, deliveries }: z.output<typeof NewReplay>): Promise<Endpoint> {
    await this.find(scope, endpointId);
    if (deliveries === 'all') await replaySince(this.source, endpointId, new Date(since));
    else await retryGivenUp(this.source.manager, endpointId, new Date(since));
    this.wake(endpointId);
    return this.find(scope, endpointId);
  }

  /** Everything is stored, so nobody waits for the call: the dispatcher makes up for one that fails. */
  private wake(endpointId: string): void {
    this.engine
      .wakeEndpoint(endpointId)
      .catch((error: unknown) => this.logger.debug(`Endpoint ${endpointId} could not be woken: ${(error as Error).message}`));
  }

  private requireSecrets(): EndpointSecrets {
    if (this.secrets === null) throw new Problem('webhooks_not_configured');
    return this.secrets;
  }

  private checkedUrl(text: string): string {
    const checked = checkUrl(text, this.urls);
    if ('url' in checked) return checked.url;
    throw new Problem('invalid_request', {
      detail: `url: ${checked.fault}`,
      errors: [{ pointer: '/url', code: 'webhook_url_refused', message: checked.fault }],
    });
  }
}

/** @throws Problem `acts_for_partner`: the vendor's endpoints are told of every claim, also of those that rivals must not know. */
function ownerOf(scope: Scope): EndpointOwner {
  switch (scope.kind) {
    case 'everything':
      if (scope.actsFor !== undefined) throw new Problem('acts_for_partner');
      return { kind: 'vendor' };
    case 'partner':
      return { kind: 'partner', id: scope.accountId, locations: scope.locations === 'all' ? null : scope.locations };
    case 'tenant':
      return { kind: 'tenant', id: scope.tenantId };
    case 'nothing':
      throw new Problem('forbidden');
  }
}

/** The locations that an endpoint is told of: those asked for, which its owner must cover. @throws Problem `invalid_request` */
function locationsFor(owner: EndpointOwner, asked: string[] | null): string[] | null {
  const refuse = (index: number | null, message: string): never => {
    const pointer = index === null ? '/locations' : `/locations/${index}`;
    throw new Problem('invalid_request', { detail: `locations: ${message}.`, errors: [{ pointer, code: 'not_own_location', message }] });
  };
  if (owner.kind !== 'partner') return asked === null ? null : refuse(null, 'Only a partner’s endpoint has locations');
  const { locations: covered } = owner;
  if (asked === null || covered === null) return asked ?? covered;
  const foreign = asked.findIndex((location) => !covered.includes(location));
  return foreign === -1 ? asked : refuse(foreign, `You do not cover the location ${asked[foreign]}`);
}
