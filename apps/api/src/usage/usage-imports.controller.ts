import { Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { Answer } from '../http/answer.js';
import { csvType, streamOf, Takes } from '../http/bodies.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { UsageImportService } from './usage-import.service.js';
import { ImportErrorsQuery, ImportQuery } from './usage.query.js';
import { ImportErrorsView, importView, UsageImportView } from './usage.view.js';

@ApiTags('usage')
@Controller('v1/usage/imports')
export class UsageImportsController {
  constructor(private readonly imports: UsageImportService) {}

  @Post()
  @Allow('usage.write')
  @Takes(csvType)
  @ApiBody({ schema: { type: 'string', description: 'A heading with the published column names, then one row a target and month.' } })
  @Documented({
    summary: 'Import usage',
    description:
      'Takes a CSV file of any length. Readers see the figures of before until all of it is stored. Sent again under the same key after it broke off, it begins anew; after it was published, it changes nothing. Refused rows do not keep the others out.',
    answers: { 201: UsageImportView },
    problems: [409],
  })
  async take(@CurrentCaller() caller: Caller, @Query({ schema: ImportQuery }) query: ImportQuery, @Req() request: FastifyRequest) {
    const taken = await this.imports.take(caller, query, streamOf(request));
    return new Answer(201, importView(taken), { Location: `/v1/usage/imports/${taken.importId}` });
  }

  @Get(':importId')
  @Allow('usage.write')
  @Documented({ summary: 'Read an import', description: 'Also while it is being taken in.', answers: { 200: UsageImportView } })
  async find(@Param('importId', { schema: uuid }) importId: string) {
    return importView(await this.imports.find(importId));
  }

  @Get(':importId/errors')
  @Allow('usage.write')
  @Documented({
    summary: 'List refused rows',
    description: 'In the order of the file; of the first 10,000 faults, each says what to do.',
    answers: { 200: ImportErrorsView },
  })
  errors(@Param('importId', { schema: uuid }) importId: string, @Query({ schema: ImportErrorsQuery }) query: ImportErrorsQuery) {
    return this.imports.errors(importId, query);
  }
}
