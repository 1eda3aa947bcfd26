import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import { ClaimView } from '#libs/read-models/index.js';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answerWithClaim } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { withText } from '../commands/texts.js';
import { ApiIfMatch, Documented } from '../http/documentation.js';
import { IfMatch } from '../http/if-match.decorator.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { decisionCommand, NewDecision, NewInformationRequest, OfLines } from './review.body.js';

@ApiTags('reviews')
@Controller('v1/claims/:claimId')
export class ReviewsController {
  constructor(private readonly commands: CommandService) {}

  @Post('reviews')
  @HttpCode(200)
  @Allow('reviews.start')
  @Documented({
    summary: 'Start the review',
    description: 'Stops the clock for starting the review and starts the clock for the decision.',
    answers: { 200: ClaimView },
  })
  async start(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: OfLines }) sent: z.output<typeof OfLines>,
  ) {
    return answerWithClaim(await this.commands.handle({ caller, claimId, type: 'startReview', body: sent, sent }), caller.principal);
  }

  @Post('information-requests')
  @HttpCode(200)
  @Allow('reviews.ask')
  @ApiIfMatch({ required: false })
  @Documented({
    summary: 'Request information from the partner',
    description:
      "Takes reason codes of the programme. Starts the partner's clock, pauses the review clocks, and starts the review if needed.",
    answers: { 200: ClaimView },
  })
  async ask(
    @CurrentCaller() caller: Caller,
    @IfMatch() ifMatch: ExpectedVersion | undefined,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewInformationRequest }) sent: z.output<typeof NewInformationRequest>,
  ) {
    const { comment, ...rest } = sent;
    const body = withText(comment, (textId) => ({ ...rest, textId }));
    const request = { caller, claimId, type: 'requestInformation' as const, body, sent, ifMatch };
    return answerWithClaim(await this.commands.handle(request), caller.principal);
  }

  @Post('decisions')
  @HttpCode(200)
  @Allow('reviews.decide')
  @ApiIfMatch({ required: true })
  @Documented({
    summary: 'Approve or reject',
    description: 'Approval notifies the customer, whose window then decides. A reviewer cannot decide claims of a partner they act for.',
    answers: { 200: ClaimView },
  })
  async decide(
    @CurrentCaller() caller: Caller,
    @IfMatch('required') ifMatch: ExpectedVersion,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewDecision }) sent: NewDecision,
  ) {
    const request = { caller, claimId, sent, ifMatch, ...decisionCommand(sent) };
    return answerWithClaim(await this.commands.handle(request), caller.principal);
  }

  @Post('hold-clearances')
  @HttpCode(200)
  @Allow('reviews.decide')
  @ApiIfMatch({ required: true })
  @Documented({
    summary: 'Clear holds',
    description: 'For lines whose window has closed but whose final check failed. The check is repeated.',
    answers: { 200: ClaimView },
  })
  async clearHold(
    @CurrentCaller() caller: Caller,
    @IfMatch('required') ifMatch: ExpectedVersion,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: OfLines }) sent: z.output<typeof OfLines>,
  ) {
    const request = { caller, claimId, type: 'clearHold' as const, body: sent, sent, ifMatch };
    return answerWithClaim(await this.commands.handle(request), caller.principal);
  }
}
