import { Module } from '@nestjs/common';
import { OperationReader } from './operation.reader.js';
import { OperationsController } from './operations.controller.js';

/** Outcomes of accepted commands. */
@Module({
  controllers: [OperationsController],
  providers: [OperationReader],
})
export class OperationsModule {}
