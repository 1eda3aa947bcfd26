import { Module } from '@nestjs/common';
import { ClaimEngine } from '#libs/engine/index.js';
import { CommandService } from './command.service.js';
import { WorkflowWaker } from './workflow-waker.js';

/** Sends commands into claims and wakes their workflows. Features that change a claim import it. */
@Module({
  providers: [
    CommandService,
    { provide: WorkflowWaker, useFactory: (engine: ClaimEngine) => new WorkflowWaker(engine), inject: [ClaimEngine] },
  ],
  exports: [CommandService, WorkflowWaker],
})
export class CommandsModule {}
