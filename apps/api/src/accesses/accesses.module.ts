import { Module } from '@nestjs/common';
import { AccessReader } from './access.reader.js';
import { AccessesController } from './accesses.controller.js';
import { RefusalReader } from './refusal.reader.js';
import { RefusalsController } from './refusals.controller.js';

/** The log of usage reads, granted and refused. */
@Module({
  controllers: [AccessesController, RefusalsController],
  providers: [AccessReader, RefusalReader],
})
export class AccessesModule {}
