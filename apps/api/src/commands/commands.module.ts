import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ClaimEngine } from '#libs/engine/index.js';
import { SharedDeadlines } from '#libs/reconciliation/index.js';
import { CommandService } from './command.service.js';
import { WorkflowWaker } from './workflow-waker.js';

/** Sends commands into claims and wakes their workflows. Features that change a claim import it. */
@Module({
  providers: [
    CommandService,
    {
      provide: WorkflowWaker,
      useFactory: (engine: ClaimEngine, source: DataSource) => new WorkflowWaker(engine, new SharedDeadlines(source)),
      inject: [ClaimEngine, DataSource],
    },
  ],
  exports: [CommandService, WorkflowWaker],
})
export class CommandsModule {}
