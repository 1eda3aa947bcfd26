import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import type { Scope } from '#libs/auth/index.js';
import { ClaimView } from '#libs/read-models/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answerWithClaim } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { withText } from '../commands/texts.js';
import { ApiIfMatch, Documented } from '../http/documentation.js';
import { IfMatch } from '../http/if-match.decorator.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { NewChoice, NewRivalDecision, RivalryList } from './rivals.body.js';
import { RivalsReader } from './rivals.reader.js';

@ApiTags('rivals')
@Controller('v1/claims/:claimId')
export class RivalsController {
  constructor(
    private readonly commands: CommandService,
    private readonly reader: RivalsReader,
  ) {}

  @Get('rivals')
  @Allow('rivals.read')
  @Documented({
    summary: 'Compare the rivals of a claim',
    description:
      'All partners that claim or hold a target of the claim, side by side, with the result of the order of decision. For reviewers only.',
    answers: { 200: RivalryList },
  })
  async list(@CurrentScope() scope: Scope, @Param('claimId', { schema: claimReference }) claimId: string) {
    return this.reader.rivals(await this.commands.find(scope, claimId), scope);
  }

  @Post('choices')
  @HttpCode(200)
  @Allow('reviews.decide')
  @Documented({
    summary: 'Ask the customer to choose a partner',
    description: "The customer's choice overrides every other step. The review clocks keep running.",
    answers: { 200: ClaimView },
  })
  async ask(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewChoice }) sent: z.output<typeof NewChoice>,
  ) {
    const body = withText(sent.comment, (textId) => ({ line: sent.line, textId }));
    return answerWithClaim(await this.commands.handle({ caller, claimId, type: 'askCustomerToChoose', body, sent }), caller.principal);
  }

  @Post('rival-decisions')
  @HttpCode(200)
  @Allow('reviews.decide')
  @ApiIfMatch({ required: true })
  @Documented({
    summary: 'Decide between rivals',
    description:
      "Writes the decision record into every candidate's claim and rejects the losing claims with `lost_arbitration`. Winner and step must match the result of the order of decision. The winning claim still needs approval and the customer's window.",
    answers: { 200: ClaimView },
  })
  async decide(
    @CurrentCaller() caller: Caller,
    @IfMatch('required') ifMatch: ExpectedVersion,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewRivalDecision }) sent: z.output<typeof NewRivalDecision>,
  ) {
    const { comment, ...rest } = sent;
    const body = withText(comment, (textId) => ({ ...rest, textId }));
    const request = { caller, claimId, type: 'decideRivals' as const, body, sent, ifMatch };
    return answerWithClaim(await this.commands.handle(request), caller.principal);
  }
}
