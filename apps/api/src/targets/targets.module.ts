import { Module } from '@nestjs/common';
import { TargetReader } from './target.reader.js';
import { TargetsController } from './targets.controller.js';

/** What is known about a target. */
@Module({
  controllers: [TargetsController],
  providers: [TargetReader],
})
export class TargetsModule {}
