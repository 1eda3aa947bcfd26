import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { Answer } from '../http/answer.js';
import { ApiIfMatch, ApiIfNoneMatch, Documented } from '../http/documentation.js';
import { page } from '../http/cursor.js';
import { entityTag } from '../http/entity-tag.js';
import { IfMatch } from '../http/if-match.decorator.js';
import { uuid } from '../http/text.schema.js';
import { DeliveryDetail, deliveryDetail, DeliveryList, DeliveryQuery, DeliveryView, deliveryView, NewReplay } from './delivery.view.js';
import {
  CreatedEndpoint,
  Enabling,
  EndpointChange,
  EndpointList,
  EndpointView,
  endpointView,
  NewEndpoint,
  NewSecret,
  SecretView,
} from './endpoint.view.js';
import { WebhooksService } from './webhooks.service.js';

@ApiTags('webhooks')
@Allow('webhooks.manage')
@Controller('v1/webhook-endpoints')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Post()
  @HttpCode(201)
  @Documented({
    summary: 'Register a webhook endpoint',
    description:
      'From now on, events in your scope are sent to the URL, signed as Standard Webhooks (https://www.standardwebhooks.com) describes. The secret is in this response only. A retry of the same request returns a new secret, and the earlier one is void.',
    answers: { 201: CreatedEndpoint },
    problems: [409],
  })
  async create(@CurrentCaller() caller: Caller, @Body({ schema: NewEndpoint }) sent: z.output<typeof NewEndpoint>) {
    const { endpoint, secret } = await this.webhooks.create(caller, sent);
    const { endpointId, version } = endpoint;
    const headers = { ETag: entityTag(version), Location: `/v1/webhook-endpoints/${endpointId}` };
    return new Answer(201, { ...endpointView(endpoint), secret }, headers);
  }

  @Get()
  @Documented({ summary: 'List your webhook endpoints', description: 'The oldest first.', answers: { 200: EndpointList } })
  async list(@CurrentScope() scope: Scope) {
    // An owner has few.
    return { items: (await this.webhooks.list(scope)).map(endpointView), next: null };
  }

  @Get(':endpointId')
  @ApiIfNoneMatch()
  @Documented({
    summary: 'Read a webhook endpoint',
    description: 'With what is still to be delivered to it.',
    answers: { 200: EndpointView },
  })
  async read(@CurrentScope() scope: Scope, @Param('endpointId', { schema: uuid }) endpointId: string) {
    const endpoint = await this.webhooks.find(scope, endpointId);
    return new Answer(200, endpointView(endpoint), { ETag: entityTag(endpoint.version, endpointView(endpoint)) });
  }

  @Patch(':endpointId')
  @ApiIfMatch({ required: true, of: 'endpoint' })
  @Documented({
    summary: 'Change a webhook endpoint',
    description:
      'Fields that are not sent stay as they are. What is queued already goes to the new URL, in the format in which it was queued.',
    answers: { 200: EndpointView },
  })
  async change(
    @CurrentScope() scope: Scope,
    @Param('endpointId', { schema: uuid }) endpointId: string,
    @IfMatch('required') basedOn: ExpectedVersion,
    @Body({ schema: EndpointChange }) change: z.output<typeof EndpointChange>,
  ) {
    const endpoint = await this.webhooks.change(scope, endpointId, basedOn, change);
    return new Answer(200, endpointView(endpoint), { ETag: entityTag(endpoint.version, endpointView(endpoint)) });
  }

  @Delete(':endpointId')
  @HttpCode(204)
  @ApiResponse({ status: 204, description: 'Done.' })
  @Documented({
    summary: 'Remove a webhook endpoint',
    description: 'With all its deliveries. A request under way may still arrive.',
    answers: {},
  })
  async remove(@CurrentScope() scope: Scope, @Param('endpointId', { schema: uuid }) endpointId: string): Promise<void> {
    await this.webhooks.remove(scope, endpointId);
  }

  @Post(':endpointId/secrets')
  @HttpCode(201)
  @Documented({
    summary: 'Rotate the secret',
    description: 'Deliveries are signed with both secrets until the previous one ends.',
    answers: { 201: SecretView },
  })
  rotate(
    @CurrentCaller() { scope }: Caller,
    @Param('endpointId', { schema: uuid }) endpointId: string,
    @Body({ schema: NewSecret }) { overlapHours }: z.output<typeof NewSecret>,
  ) {
    return this.webhooks.rotate(scope, endpointId, overlapHours);
  }

  @Post(':endpointId/disable')
  @HttpCode(200)
  @Documented({
    summary: 'Disable a webhook endpoint',
    description: 'Nothing more is sent until it is enabled.',
    answers: { 200: EndpointView },
  })
  async disable(@CurrentCaller() { scope }: Caller, @Param('endpointId', { schema: uuid }) endpointId: string) {
    return endpointView(await this.webhooks.disable(scope, endpointId));
  }

  @Post(':endpointId/enable')
  @HttpCode(200)
  @Documented({
    summary: 'Enable a webhook endpoint',
    description: 'Also one that counts as failing, which is then tried at once.',
    answers: { 200: EndpointView },
  })
  async enable(
    @CurrentCaller() { scope }: Caller,
    @Param('endpointId', { schema: uuid }) endpointId: string,
    @Body({ schema: Enabling }) { skipMissed }: z.output<typeof Enabling>,
  ) {
    return endpointView(await this.webhooks.enable(scope, endpointId, skipMissed));
  }

  @Post(':endpointId/test-events')
  @HttpCode(202)
  @Documented({
    summary: 'Send a test event',
    description: 'An event of type `webhook.test`, signed and delivered like any other. Read the delivery to see how it was answered.',
    answers: { 202: DeliveryView },
  })
  async test(@CurrentCaller() caller: Caller, @Param('endpointId', { schema: uuid }) endpointId: string) {
    const delivery = await this.webhooks.test(caller, endpointId);
    return new Answer(202, deliveryView(delivery), { Location: `/v1/webhook-endpoints/${endpointId}/deliveries/${delivery.eventId}` });
  }

  @Get(':endpointId/deliveries')
  @Documented({ summary: 'List deliveries', description: 'The newest first.', answers: { 200: DeliveryList } })
  async deliveries(
    @CurrentScope() scope: Scope,
    @Param('endpointId', { schema: uuid }) endpointId: string,
    @Query({ schema: DeliveryQuery }) query: z.output<typeof DeliveryQuery>,
  ) {
    const found = page(await this.webhooks.deliveries(scope, endpointId, query), query.limit, ({ sequence }) => sequence);
    return { items: found.items.map(deliveryView), next: found.next };
  }

  @Get(':endpointId/deliveries/:deliveryId')
  @Documented({ summary: 'Read a delivery', description: 'With its body and the latest answers.', answers: { 200: DeliveryDetail } })
  async delivery(
    @CurrentScope() scope: Scope,
    @Param('endpointId', { schema: uuid }) endpointId: string,
    @Param('deliveryId', { schema: uuid }) deliveryId: string,
  ) {
    return deliveryDetail(await this.webhooks.delivery(scope, endpointId, deliveryId));
  }

  @Post(':endpointId/deliveries/:deliveryId/retry')
  @HttpCode(202)
  @Documented({
    summary: 'Deliver again',
    description: 'Queues a finished delivery once more, or tries a waiting one at once.',
    answers: { 202: DeliveryView },
  })
  async retry(
    @CurrentCaller() { scope }: Caller,
    @Param('endpointId', { schema: uuid }) endpointId: string,
    @Param('deliveryId', { schema: uuid }) deliveryId: string,
  ) {
    return deliveryView(await this.webhooks.retry(scope, endpointId, deliveryId));
  }

  @Post(':endpointId/replays')
  @HttpCode(202)
  @Documented({
    summary: 'Replay since an instant',
    description: 'For a receiver that has lost what it had accepted. Ids stay the same, so that it recognises what it has.',
    answers: { 202: EndpointView },
  })
  async replay(
    @CurrentCaller() { scope }: Caller,
    @Param('endpointId', { schema: uuid }) endpointId: string,
    @Body({ schema: NewReplay }) sent: z.output<typeof NewReplay>,
  ) {
    return endpointView(await this.webhooks.replay(scope, endpointId, sent));
  }
}
