import { Module } from '@nestjs/common';
import { AccessExport } from './access.export.js';
import { AccessReader } from './access.reader.js';
import { AccessesController } from './accesses.controller.js';
import { RefusalReader } from './refusal.reader.js';
import { RefusalsController } from './refusals.controller.js';

/** The log of usage reads, granted and refused. */
@Module({
  controllers: [AccessesController, RefusalsController],
  providers: [AccessReader, AccessExport, RefusalReader],
})
export class AccessesModule {}
