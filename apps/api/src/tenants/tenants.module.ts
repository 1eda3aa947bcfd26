import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { AnswerReader } from './answer.reader.js';
import { AnswersController } from './answers.controller.js';
import { BlocksController } from './blocks.controller.js';
import { ChoicesController } from './choices.controller.js';
import { PendingClaimReader } from './pending-claim.reader.js';
import { PendingClaimsController } from './pending-claims.controller.js';
import { TenantReader } from './tenant.reader.js';

/** A customer's own view: pending claims, choices between partners, blocked partners, and what it has decided. */
@Module({
  imports: [CommandsModule],
  controllers: [BlocksController, PendingClaimsController, ChoicesController, AnswersController],
  providers: [TenantReader, PendingClaimReader, AnswerReader],
})
export class TenantsModule {}
