import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { BlocksController } from './blocks.controller.js';
import { ChoicesController } from './choices.controller.js';
import { PendingClaimsController } from './pending-claims.controller.js';
import { TenantReader } from './tenant.reader.js';

/** A customer's own view: pending claims, choices between partners, blocked partners. */
@Module({
  imports: [CommandsModule],
  controllers: [BlocksController, PendingClaimsController, ChoicesController],
  providers: [TenantReader],
})
export class TenantsModule {}
