import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { CustomerPageController } from './customer-page.controller.js';
import { CustomerPageService } from './customer-page.service.js';
import { LinkLimit } from './link-limit.js';

/** The page behind the link in a notice. */
@Module({
  imports: [CommandsModule],
  controllers: [CustomerPageController],
  providers: [CustomerPageService, LinkLimit],
})
export class CustomerPageModule {}
