import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { ApiIfMatch, Documented } from '../http/documentation.js';
import { IfMatch } from '../http/if-match.decorator.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { DecisionPreview, NewDecisionPreview } from './preview.body.js';
import { PreviewService } from './preview.service.js';

@ApiTags('reviews')
@Controller('v1/claims/:claimId')
export class PreviewsController {
  constructor(private readonly previews: PreviewService) {}

  @Post('decision-previews')
  @HttpCode(200)
  @Allow('reviews.decide')
  @ApiIfMatch({ required: false })
  @Documented({
    summary: 'Preview a decision',
    description:
      'Takes what a decision takes, or an information request with the outcome `ask`, and shows what each recipient would read. The rules are the same: whatever would refuse the decision refuses the preview, with the same code. Nothing is stored and nothing is sent.',
    answers: { 200: DecisionPreview },
    problems: [409, 429],
  })
  preview(
    @CurrentCaller() caller: Caller,
    @IfMatch() ifMatch: ExpectedVersion | undefined,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewDecisionPreview }) sent: NewDecisionPreview,
  ) {
    return this.previews.preview(caller, claimId, sent, ifMatch);
  }
}
