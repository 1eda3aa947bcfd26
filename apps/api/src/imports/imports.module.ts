import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { ImportReader } from './import.reader.js';
import { ImportService } from './import.service.js';
import { ImportsController } from './imports.controller.js';
import { UpdatesController } from './updates.controller.js';

/** Creates or changes many claims from one file. */
@Module({
  imports: [CommandsModule],
  controllers: [ImportsController, UpdatesController],
  providers: [ImportService, ImportReader],
})
export class ImportsModule {}
