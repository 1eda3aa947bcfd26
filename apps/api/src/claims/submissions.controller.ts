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
import { AnswerService } from './answer.service.js';
import { NewAnswer, NewWithdrawal, Nothing } from './submission.body.js';

@ApiTags('claims')
@Controller('v1/claims/:claimId')
export class SubmissionsController {
  constructor(
    private readonly commands: CommandService,
    private readonly answers: AnswerService,
  ) {}

  @Post('submissions')
  @HttpCode(200)
  @Allow('claims.submit')
  @ApiIfMatch({ required: false })
  @Documented({
    summary: 'Submit or resubmit a claim',
    description: 'Starts the review clocks. All failed rules are reported at once.',
    answers: { 200: ClaimView },
  })
  async submit(
    @CurrentCaller() caller: Caller,
    @IfMatch() ifMatch: ExpectedVersion | undefined,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: Nothing }) sent: object,
  ) {
    const request = { caller, claimId, type: 'submitClaim' as const, body: {}, sent, ifMatch };
    return answerWithClaim(await this.commands.handle(request), caller.principal);
  }

  @Post('answers')
  @HttpCode(200)
  @Allow('claims.answer')
  @Documented({
    summary: 'Answer an information request',
    description:
      'Adds the comment and resubmits the claim, or does neither. Upload evidence or edit the claim first: a comment alone is not an answer.',
    answers: { 200: ClaimView },
  })
  async answer(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewAnswer }) body: NewAnswer,
  ) {
    return answerWithClaim(await this.answers.answer(caller, claimId, body), caller.principal);
  }

  @Post('withdrawals')
  @HttpCode(200)
  @Allow('claims.withdraw')
  @ApiIfMatch({ required: false })
  @Documented({
    summary: 'Withdraw a claim or some of its lines',
    description: 'Allowed until the lines are official. Open notices become void.',
    answers: { 200: ClaimView },
  })
  async withdraw(
    @CurrentCaller() caller: Caller,
    @IfMatch() ifMatch: ExpectedVersion | undefined,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewWithdrawal }) sent: z.output<typeof NewWithdrawal>,
  ) {
    const body = withText(sent.comment, (textId) => ({ lines: sent.lines, textId }));
    const request = { caller, claimId, type: 'withdrawClaim' as const, body, sent, ifMatch };
    return answerWithClaim(await this.commands.handle(request), caller.principal);
  }
}
