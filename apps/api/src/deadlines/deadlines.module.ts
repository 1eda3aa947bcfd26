import { Module } from '@nestjs/common';
import { DeadlinesController } from './deadlines.controller.js';
import { DeadlinesReader } from './deadlines.reader.js';

/** Explains deadlines. */
@Module({
  controllers: [DeadlinesController],
  providers: [DeadlinesReader],
})
export class DeadlinesModule {}
