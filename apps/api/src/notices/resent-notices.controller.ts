import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ClaimView } from '#libs/read-models/index.js';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answerWithClaim } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { Documented } from '../http/documentation.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { OfLines } from '../reviews/review.body.js';

@ApiTags('notices')
@Controller('v1/claims/:claimId/notices')
export class ResentNoticesController {
  constructor(private readonly commands: CommandService) {}

  @Post()
  @HttpCode(200)
  @Allow('notices.resend')
  @Documented({
    summary: 'Send the notice again',
    description: 'For a notice that reached nobody, once the contact has been corrected. The new notice opens its own window.',
    answers: { 200: ClaimView },
  })
  async resend(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: OfLines }) sent: z.output<typeof OfLines>,
  ) {
    return answerWithClaim(await this.commands.handle({ caller, claimId, type: 'resendNotice', body: sent, sent }), caller.principal);
  }
}
