import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal, Scope } from '#libs/auth/index.js';
import { Allow, CurrentPrincipal, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { ReviewQueue, ReviewQueueQuery, ReviewQueueReader } from './review-queue.reader.js';

@ApiTags('reviews')
@Controller('v1/review-queue')
export class ReviewQueueController {
  constructor(private readonly reader: ReviewQueueReader) {}

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
}
