import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
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
import { label, lineNumbers, text, uuid } from '../http/text.schema.js';

const NewDispute = z
  .strictObject({
    lines: lineNumbers.optional(),
    statement: text(10_000).optional(),
    evidenceIds: z.array(uuid).max(50).optional().describe('Evidence of the claim in support of the dispute.'),
  })
  .default({})
  .meta({ id: 'NewDispute', example: { statement: 'The evidence names all products on page 3.' } });

const NewDisputeDecision = z
  .strictObject({
    outcome: z.enum(['approve', 'ask', 'final']),
    lines: lineNumbers.optional(),
    reasons: z.array(label(64)).max(20).optional().describe('Request reasons; required for the outcome `ask`.'),
    clearedHolds: z.array(label(64)).max(20).optional().describe('Codes of the holds that the reviewer has checked.'),
    comment: text(10_000).optional(),
  })
  .meta({ id: 'NewDisputeDecision', example: { outcome: 'final', comment: 'The signature is still missing.' } });

@ApiTags('disputes')
@Controller('v1/claims/:claimId')
export class DisputesController {
  constructor(private readonly commands: CommandService) {}

  @Post('disputes')
  @HttpCode(200)
  @Allow('claims.dispute')
  @Documented({
    summary: 'Dispute a rejection',
    description: "Once per rejection, within 30 days, with a statement, new evidence or both. A customer's refusal cannot be disputed.",
    answers: { 200: ClaimView },
  })
  async open(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewDispute }) sent: z.output<typeof NewDispute>,
  ) {
    const body = withText(sent.statement, (textId) => ({ lines: sent.lines, evidenceIds: sent.evidenceIds, textId }));
    return answerWithClaim(await this.commands.handle({ caller, claimId, type: 'openDispute', body, sent }), caller.principal);
  }

  @Post('dispute-decisions')
  @HttpCode(200)
  @Allow('disputes.decide')
  @ApiIfMatch({ required: true })
  @Documented({
    summary: 'Decide a dispute',
    description: 'Must be done by a reviewer other than the one who rejected.',
    answers: { 200: ClaimView },
  })
  async decide(
    @CurrentCaller() caller: Caller,
    @IfMatch('required') ifMatch: ExpectedVersion,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewDisputeDecision }) sent: z.output<typeof NewDisputeDecision>,
  ) {
    const { comment, ...rest } = sent;
    const body = withText(comment, (textId) => ({ ...rest, textId }));
    const request = { caller, claimId, type: 'decideDispute' as const, body, sent, ifMatch };
    return answerWithClaim(await this.commands.handle(request), caller.principal);
  }
}
