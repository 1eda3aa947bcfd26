import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { ChangesController } from './changes.controller.js';
import { ClaimWatch } from './claim-watch.service.js';
import { OpenStreams } from './open-streams.js';
import { ScopeWatch } from './scope-watch.service.js';

/** Streams what changes, as server-sent events. */
@Module({
  imports: [CommandsModule],
  controllers: [ChangesController],
  providers: [OpenStreams, ClaimWatch, ScopeWatch],
})
export class ChangesModule {}
