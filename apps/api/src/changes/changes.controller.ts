import { Controller, Get, Headers, Param } from '@nestjs/common';
import { ApiHeader, ApiProduces, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Problem } from '#libs/problems/index.js';
import { Phase } from '#libs/read-models/index.js';
import { type Admission, Allow, CurrentAdmission } from '../auth/access.decorator.js';
import { CommandService } from '../commands/command.service.js';
import { Answer } from '../http/answer.js';
import { Documented } from '../http/documentation.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { ClaimWatch } from './claim-watch.service.js';
import type { EventStream } from './event-stream.js';
import { ScopeWatch } from './scope-watch.service.js';

const mediaType = 'text/event-stream';

const ClaimChange = z
  .object({ claimId: z.string(), version: z.int().min(1).max(1_000_000), phase: Phase, updatedAt: z.iso.datetime() })
  .meta({ id: 'ClaimChange', description: 'Data of one event. Its `id` is the version.' });

const Changes = z
  .object({ claimIds: z.array(z.string()).nullable().describe('Claims that have changed; null if there are too many to name.') })
  .meta({ id: 'Changes', description: 'Data of one `changes` event.' });

@ApiTags('claims')
@Controller('v1')
export class ChangesController {
  constructor(
    private readonly commands: CommandService,
    private readonly claims: ClaimWatch,
    private readonly scopes: ScopeWatch,
  ) {}

  @Get('claims/:claimId/changes')
  @Allow('claims.read')
  @ApiProduces(mediaType)
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The version that the reader knows, as browsers send it when they connect again.',
    schema: { type: 'string', example: '7' },
  })
  @Documented({
    summary: 'Watch a claim',
    description:
      'Server-sent events: one with the present version, unless `Last-Event-ID` names it, then one for each new version, within about a second. Versions that follow each other quickly may share an event. Comments keep the connection alive. An `end` event gives the reason: `access` when the token has expired or the claim has left the scope of the caller, `shutdown` when the process stops. Where a proxy does not pass streams on, poll the claim.',
    answers: { 200: ClaimChange },
    problems: [406, 429],
  })
  async watchClaim(
    @CurrentAdmission() admission: Admission,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Headers() headers: Record<string, string | undefined>,
  ) {
    const { position, ...claim } = await this.commands.find(admission.scope, claimId);
    refuseOtherMediaTypes(headers['accept']);
    const known = Number(/^\d{1,7}$/.exec(headers['last-event-id'] ?? '')?.[0] ?? 0);
    return streamed(this.claims.open(admission, { ...claim, phase: position.phase }, known));
  }

  @Get('changes')
  @Allow('claims.read')
  @ApiProduces(mediaType)
  @Documented({
    summary: 'Watch the list of claims',
    description:
      'Server-sent events: `ready` once the stream has begun, then `changes` at most every two seconds while claims in the scope of the caller are made or changed. Read the list after `ready`, so that nothing is missed. Ends like the stream of a claim.',
    answers: { 200: Changes },
    problems: [406, 429],
  })
  async watchScope(@CurrentAdmission() admission: Admission, @Headers() headers: Record<string, string | undefined>) {
    refuseOtherMediaTypes(headers['accept']);
    return streamed(await this.scopes.open(admission));
  }
}

function refuseOtherMediaTypes(accept = '*/*'): void {
  if (/(?:^|,)\s*(?:text\/event-stream|text\/\*|\*\/\*)\s*(?:[;,]|$)/i.test(accept)) return;
  throw new Problem('not_acceptable', { detail: `The stream is available as ${mediaType}.` });
}

/**
 * `no-transform` and `X-Accel-Buffering` keep proxies from holding events back. The connection ends with the stream: an idle one would keep
 * the process from stopping.
 */
const streamed = (stream: EventStream): Answer =>
  new Answer(200, stream, {
    'Content-Type': `${mediaType}; charset=utf-8`,
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
    Connection: 'close',
  });
