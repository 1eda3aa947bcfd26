import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { can } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';
import { ClaimView } from '#libs/read-models/index.js';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answerWithClaim } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { withRequiredText } from '../commands/texts.js';
import { Documented } from '../http/documentation.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { requiredText } from '../http/text.schema.js';

const NewComment = z
  .strictObject({
    text: requiredText(10_000),
    visibility: z.enum(['shared', 'internal']).default('shared').describe('Only reviewers and vendor support see internal comments.'),
  })
  .meta({ id: 'NewComment', example: { text: 'The second page is hard to read.' } });

@ApiTags('claims')
@Controller('v1/claims/:claimId/comments')
export class CommentsController {
  constructor(private readonly commands: CommandService) {}

  @Post()
  @HttpCode(200)
  @Allow('comments.write')
  @Documented({
    summary: 'Comment on a claim',
    description: 'Appears in the history. Allowed in every phase.',
    answers: { 200: ClaimView },
  })
  async comment(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewComment }) sent: z.output<typeof NewComment>,
  ) {
    if (sent.visibility === 'internal' && !can(caller.principal, 'comments.internal')) throw new Problem('forbidden');
    const body = withRequiredText(sent.text, (textId) => ({ textId, visibility: sent.visibility }));
    return answerWithClaim(await this.commands.handle({ caller, claimId, type: 'addComment', body, sent }), caller.principal);
  }
}
