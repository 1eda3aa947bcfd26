import { Module } from '@nestjs/common';
import { ProblemsController } from './problems.controller.js';

/** Describes every error code. */
@Module({
  controllers: [ProblemsController],
})
export class ProblemsModule {}
