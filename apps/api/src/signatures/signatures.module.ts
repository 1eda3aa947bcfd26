import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { LinkAnswer } from '../customer-page/link-answer.js';
import { ReceiptsModule } from '../receipts/receipts.module.js';
import { CheckController } from './check.controller.js';
import { SignPageController } from './sign-page.controller.js';
import { SignPageService } from './sign-page.service.js';
import { ReceiptFiles } from './receipt-files.service.js';
import { SignaturesController } from './signatures.controller.js';
import { SignaturesService } from './signatures.service.js';

/** Statements of work that customers sign here: requests, the page behind the link, receipts and their check. */
@Module({
  imports: [CommandsModule, ReceiptsModule],
  controllers: [SignaturesController, SignPageController, CheckController],
  providers: [ReceiptFiles, SignaturesService, SignPageService, LinkAnswer],
})
export class SignaturesModule {}
