import { Module } from '@nestjs/common';
import { OversightController } from './oversight.controller.js';
import { PendingReader } from './pending.reader.js';
import { WaitingReader } from './waiting.reader.js';

/** Shows operators what waits for what. */
@Module({
  controllers: [OversightController],
  providers: [PendingReader, WaitingReader],
})
export class OversightModule {}
