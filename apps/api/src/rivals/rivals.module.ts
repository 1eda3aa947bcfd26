import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { RivalsController } from './rivals.controller.js';
import { RivalsReader } from './rivals.reader.js';

/** Competing claims for one target. */
@Module({
  imports: [CommandsModule],
  controllers: [RivalsController],
  providers: [RivalsReader],
})
export class RivalsModule {}
