import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { CustomerPageController } from './customer-page.controller.js';
import { CustomerPageService } from './customer-page.service.js';
import { LinkAnswer } from './link-answer.js';
import { NoticeCopyController } from './notice-copy.controller.js';

/** The page behind the link in a notice. */
@Module({
  imports: [CommandsModule],
  controllers: [NoticeCopyController, CustomerPageController],
  providers: [CustomerPageService, LinkAnswer],
})
export class CustomerPageModule {}
