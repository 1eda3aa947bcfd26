import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import type { Principal, Scope } from '#libs/auth/index.js';
import { ClaimView, claimView } from '#libs/read-models/index.js';
import { Allow, CurrentPrincipal, CurrentScope } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answerWithClaim } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { Answer } from '../http/answer.js';
import { ApiIfMatch, ApiIfNoneMatch, Documented } from '../http/documentation.js';
import { entityTag } from '../http/entity-tag.js';
import { IfMatch } from '../http/if-match.decorator.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { ClaimChanges, NewClaim } from './claim.body.js';
import { editOf } from './claim-edit.js';
import { ClaimReader, History, HistoryQuery } from './claim.reader.js';
import { CreateClaimService } from './create-claim.service.js';

@ApiTags('claims')
@Controller('v1/claims')
export class ClaimsController {
  constructor(
    private readonly creation: CreateClaimService,
    private readonly commands: CommandService,
    private readonly reader: ClaimReader,
  ) {}

  @Post()
  @Allow('claims.create')
  @Documented({
    summary: 'Create a claim',
    description:
      'Saves a draft, which needs `partnerId`, `tenantId`, `area`, a line and, unless the programme does not use it, `domain`; the rest can follow by PATCH. With `submit`, the claim is saved and submitted, or neither: an immediate refusal stores nothing, so correct the body and send it under a new key. After a 202, the submission is checked later; if it is refused then, the draft remains and the operation gives the reasons.',
    answers: { 201: ClaimView },
  })
  async create(@CurrentCaller() caller: Caller, @Body({ schema: NewClaim }) body: NewClaim) {
    return answerWithClaim(await this.creation.create(caller, body), caller.principal, 201);
  }

  @Get(':claimId')
  @ApiIfNoneMatch()
  @Allow('claims.read')
  @Documented({
    summary: 'Read a claim',
    description: 'A claim accepted with 202 can be read once its operation has started; until then its sender gets `claim_not_yet_made`.',
    answers: { 200: ClaimView },
  })
  async get(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() principal: Principal,
    @Param('claimId', { schema: claimReference }) claimId: string,
  ) {
    const claim = await this.commands.findFor({ scope, principal }, claimId);
    const view = claimView(claim, principal);
    return new Answer(200, view, { ETag: entityTag(claim.version, view) });
  }

  @Patch(':claimId')
  @Allow('claims.edit')
  @ApiIfMatch({ required: true })
  @Documented({
    summary: 'Change a claim',
    description: 'Omitted fields keep their values. Which fields may change depends on the phase. All errors are reported at once.',
    answers: { 200: ClaimView },
  })
  async edit(
    @CurrentCaller() caller: Caller,
    @IfMatch('required') ifMatch: ExpectedVersion,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: ClaimChanges }) changes: ClaimChanges,
  ) {
    const request = { caller, claimId, type: 'editClaim' as const, body: editOf(changes, caller.scope), sent: changes, ifMatch };
    return answerWithClaim(await this.commands.handle(request), caller.principal);
  }

  @Delete(':claimId')
  @Allow('claims.edit')
  @ApiIfMatch({ required: false })
  @Documented({
    summary: 'Discard a draft',
    description: 'A submitted claim cannot be discarded; withdraw it instead.',
    answers: { 200: ClaimView },
  })
  async discard(
    @CurrentCaller() caller: Caller,
    @IfMatch() ifMatch: ExpectedVersion | undefined,
    @Param('claimId', { schema: claimReference }) claimId: string,
  ) {
    const request = { caller, claimId, type: 'discardDraft' as const, body: {}, sent: null, ifMatch };
    return answerWithClaim(await this.commands.handle(request), caller.principal);
  }

  @Get(':claimId/history')
  @Allow('claims.history')
  @Documented({
    summary: "Read a claim's history",
    description:
      'All events, oldest first unless asked otherwise. Partners see neither internal comments nor the names of reviewers; customers see what they were notified about.',
    answers: { 200: History },
  })
  history(
    @CurrentScope() scope: Scope,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Query({ schema: HistoryQuery }) query: HistoryQuery,
  ) {
    return this.reader.history(scope, claimId, query);
  }
}
