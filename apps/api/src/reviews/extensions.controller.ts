import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { clockCalled, extendableClocks, publicClockNames } from '#libs/claims/index.js';
import { ClaimView } from '#libs/read-models/index.js';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answerWithClaim } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { withText } from '../commands/texts.js';
import { Documented } from '../http/documentation.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { lineNumbers, requiredText } from '../http/text.schema.js';

const NewExtension = z
  .strictObject({
    clock: z.enum(extendableClocks.map((clock) => publicClockNames[clock])),
    lines: lineNumbers.optional(),
    comment: requiredText(10_000).describe('The reason, which both sides of the claim can read.'),
  })
  .meta({ id: 'NewDeadlineExtension', example: { clock: 'partner_answer', comment: 'The signatory is away until Monday.' } });

@ApiTags('reviews')
@Controller('v1/claims/:claimId/deadline-extensions')
export class ExtensionsController {
  constructor(private readonly commands: CommandService) {}

  @Post()
  @HttpCode(200)
  @Allow('reviews.extend')
  @Documented({
    summary: 'Extend a deadline',
    description:
      'Extends a deadline by the length of its clock, and shows both sides the reason. Allowed once per information request; other clocks can be extended repeatedly.',
    answers: { 200: ClaimView },
  })
  async extend(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewExtension }) sent: z.output<typeof NewExtension>,
  ) {
    const { comment, clock, ...rest } = sent;
    const body = withText(comment, (textId) => ({ ...rest, clock: clockCalled(clock), textId }));
    return answerWithClaim(await this.commands.handle({ caller, claimId, type: 'extendDeadline', body, sent }), caller.principal);
  }
}
