import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { PendingOperationList, PendingQuery, PendingReader } from './pending.reader.js';
import { WaitingReader, WaitingReport } from './waiting.reader.js';

@Controller('v1')
export class OversightController {
  constructor(
    private readonly pending: PendingReader,
    private readonly waiting: WaitingReader,
  ) {}

  @Get('operations/pending')
  @ApiTags('operations')
  @Allow('reports.operations')
  @Documented({
    summary: 'List accepted commands without an outcome',
    description: 'Oldest first, with the step that keeps failing where one does. Normally a command waits for milliseconds.',
    answers: { 200: PendingOperationList },
  })
  list(@CurrentScope() scope: Scope, @Query({ schema: PendingQuery }) query: PendingQuery) {
    return this.pending.list(scope, query);
  }

  @Get('reports/waiting')
  @ApiTags('reports')
  @Allow('reports.operations')
  @Documented({
    summary: 'Report what waits for what',
    description: 'Claims by phase and clock, commands and letters that are not done, failing steps, repairs and the last checkpoint.',
    answers: { 200: WaitingReport },
  })
  report() {
    return this.waiting.read();
  }
}
