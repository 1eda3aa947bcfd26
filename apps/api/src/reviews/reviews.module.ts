import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { ExtensionsController } from './extensions.controller.js';
import { ReviewQueueController } from './review-queue.controller.js';
import { ReviewQueueReader } from './review-queue.reader.js';
import { ReviewsController } from './reviews.controller.js';
import { TakeReviewService } from './take-review.service.js';

/** The reviewer's decisions, the review queue and deadline extensions. */
@Module({
  imports: [CommandsModule],
  controllers: [ReviewsController, ReviewQueueController, ExtensionsController],
  providers: [ReviewQueueReader, TakeReviewService],
})
export class ReviewsModule {}
