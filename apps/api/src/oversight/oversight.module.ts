import { Module } from '@nestjs/common';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveryReader } from './delivery.reader.js';
import { OversightController } from './oversight.controller.js';
import { PendingReader } from './pending.reader.js';
import { WaitingReader } from './waiting.reader.js';

/** Shows operators what waits for what. */
@Module({
  controllers: [DeliveriesController, OversightController],
  providers: [DeliveryReader, PendingReader, WaitingReader],
})
export class OversightModule {}
