import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answerWithOperation } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { Documented } from '../http/documentation.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { lineNumbers, text } from '../http/text.schema.js';
import { Limited } from '../limits/limited.decorator.js';
import { Operation } from '../operations/operation.view.js';

const noReason = { error: 'A reason is allowed only with a refusal; omit it to accept', params: { code: 'reason_with_acceptance' } };

const NewAcceptance = z
  .strictObject({
    lines: lineNumbers.optional(),
    reason: text(1_000)
      .optional()
      .refine((reason) => reason === undefined, noReason)
      .describe('Allowed only with a refusal: an acceptance with a reason is refused with `reason_with_acceptance`.'),
  })
  .default({})
  .meta({ id: 'NewAcceptance', example: { lines: [1] } });

@ApiTags('notices')
@Controller('v1/claims/:claimId/acceptances')
export class AcceptancesController {
  constructor(private readonly commands: CommandService) {}

  @Post()
  @Limited('answer')
  @HttpCode(200)
  @Allow('associations.accept')
  @Documented({
    summary: 'Accept a claim on your tenant',
    description:
      "For a signed-in administrator of the tenant. Ends the customer's window early; before the approval, lets the claim take effect on approval. The customer can still refuse later.",
    answers: { 200: Operation },
  })
  async accept(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewAcceptance }) sent: z.output<typeof NewAcceptance>,
  ) {
    const body = { lines: sent.lines, isTenantAdmin: true };
    return answerWithOperation(await this.commands.handle({ caller, claimId, type: 'acceptClaim', body, sent }), caller.principal);
  }
}
