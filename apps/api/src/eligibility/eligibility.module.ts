import { Module } from '@nestjs/common';
import { EligibilityController } from './eligibility.controller.js';
import { EligibilityReader } from './eligibility.reader.js';

/** Answers what a partner could claim. */
@Module({
  controllers: [EligibilityController],
  providers: [EligibilityReader],
})
export class EligibilityModule {}
