import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal, Scope } from '#libs/auth/index.js';
import { z } from 'zod';
import { ClaimView } from '#libs/read-models/index.js';
import { Allow, CurrentPrincipal, CurrentScope } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answerWithClaim } from '../commands/command.answer.js';
import { Answer } from '../http/answer.js';
import { Documented } from '../http/documentation.js';
import { NextReview } from './review.body.js';
import { ReviewQueue, ReviewQueueQuery, ReviewQueueReader } from './review-queue.reader.js';
import { TakeReviewService } from './take-review.service.js';

@ApiTags('reviews')
@Controller('v1/review-queue')
export class ReviewQueueController {
  constructor(
    private readonly reader: ReviewQueueReader,
    private readonly taker: TakeReviewService,
  ) {}

  @Get()
  @Allow('reviews.decide')
  @Documented({
    summary: 'List the review queue',
    description: 'Most urgent first. Shows only claims that this reviewer may act on.',
    answers: { 200: ReviewQueue },
  })
  list(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: ReviewQueueQuery }) query: ReviewQueueQuery,
  ) {
    return this.reader.list(scope, principal, query);
  }

  @Post('next')
  @HttpCode(200)
  @Allow('reviews.start')
  @Documented({
    summary: 'Take the next claim',
    description:
      'Starts the review of the most urgent claim that the caller may review and nobody has taken, and answers with it. Callers who ask at the same time get different claims. 204 if nothing is left to take. Takes no claims that wait for the decision of a dispute or for a hold to be cleared: the queue lists them.',
    answers: { 200: ClaimView, 204: z.void().meta({ description: 'Nothing is left to take.' }) },
  })
  async next(@CurrentCaller() caller: Caller, @Body({ schema: NextReview }) sent: NextReview) {
    const settlement = await this.taker.takeNext(caller, sent);
    return settlement === null ? new Answer(204, undefined) : answerWithClaim(settlement, caller.principal);
  }
}
