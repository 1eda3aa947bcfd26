import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { LegalHoldService } from './legal-hold.service.js';
import { LegalHoldsController } from './legal-holds.controller.js';

/** Legal holds that keep a claim from being erased. */
@Module({
  imports: [CommandsModule],
  controllers: [LegalHoldsController],
  providers: [LegalHoldService],
})
export class LegalHoldsModule {}
