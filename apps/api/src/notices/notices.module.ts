import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { AcceptancesController } from './acceptances.controller.js';
import { NoticeReader } from './notice.reader.js';
import { NoticesController } from './notices.controller.js';
import { OptOutsController } from './opt-outs.controller.js';
import { ResentNoticesController } from './resent-notices.controller.js';

/** Notices, and the customer's answers to them. */
@Module({
  imports: [CommandsModule],
  controllers: [OptOutsController, AcceptancesController, ResentNoticesController, NoticesController],
  providers: [NoticeReader],
})
export class NoticesModule {}
