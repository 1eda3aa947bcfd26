import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { PreviewService } from './preview.service.js';
import { PreviewedMailsReader } from './previewed-mails.reader.js';
import { PreviewsController } from './previews.controller.js';

/** Shows what a decision would bring about, before it is sent. */
@Module({
  imports: [CommandsModule],
  controllers: [PreviewsController],
  providers: [PreviewService, PreviewedMailsReader],
})
export class PreviewsModule {}
