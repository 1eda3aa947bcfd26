import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answerWithOperation } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { withText } from '../commands/texts.js';
import { Documented } from '../http/documentation.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { lineNumbers, text } from '../http/text.schema.js';
import { Limited } from '../limits/limited.decorator.js';
import { Operation } from '../operations/operation.view.js';

const NewOptOut = z
  .strictObject({
    lines: lineNumbers.optional(),
    reason: text(1_000).optional(),
    blockPartner: z.boolean().optional().describe('Whether to refuse further claims by this partner on the tenant.'),
  })
  .default({})
  .meta({ id: 'NewOptOut', example: { reason: 'We do not work with this partner.' } });

@ApiTags('notices')
@Controller('v1/claims/:claimId/opt-outs')
export class OptOutsController {
  constructor(private readonly commands: CommandService) {}

  @Post()
  @Limited('answer')
  @HttpCode(200)
  @Allow('associations.refuse')
  @Documented({
    summary: 'Refuse a claim on your tenant, or end its association',
    description: 'For an administrator of the tenant, at any time. The time of receipt decides whether the refusal met the deadline.',
    answers: { 200: Operation },
  })
  async optOut(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewOptOut }) sent: z.output<typeof NewOptOut>,
  ) {
    const body = withText(sent.reason, (textId) => ({ lines: sent.lines, textId, blockPartner: sent.blockPartner }));
    return answerWithOperation(await this.commands.handle({ caller, claimId, type: 'optOut', body, sent }), caller.principal);
  }
}
