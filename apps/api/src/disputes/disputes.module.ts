import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { DisputesController } from './disputes.controller.js';

/** Disputes of rejections and their decisions. */
@Module({
  imports: [CommandsModule],
  controllers: [DisputesController],
})
export class DisputesModule {}
