import { Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { Answer } from '../http/answer.js';
import { csvType, streamOf, Takes } from '../http/bodies.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { Limited } from '../limits/limited.decorator.js';
import { UsageImportService } from './usage-import.service.js';
import { ImportErrorsQuery, ImportQuery } from './usage.query.js';
import { ImportErrorsView, importView, UsageImportView } from './usage.view.js';

@ApiTags('usage')
@Controller('v1/usage/imports')
export class UsageImportsController {
  constructor(private readonly imports: UsageImportService) {}

  @Post()
  @Limited('bulk')
  @Allow('usage.write')
  @Takes(csvType)
  @ApiBody({
    schema: { type: 'string', description: 'A header row with the published column names, then one row for each target and month.' },
  })
  @Documented({
    summary: 'Import usage',
    description:
      'Accepts a CSV file of any length. Readers see the previous figures until the whole file is stored. If the upload was interrupted, sending it again with the same key starts over; once it is published, sending it again changes nothing. Refused rows do not prevent the others from being stored.',
    answers: { 201: UsageImportView },
    problems: [409],
  })
  async import(@CurrentCaller() caller: Caller, @Query({ schema: ImportQuery }) query: ImportQuery, @Req() request: FastifyRequest) {
    const imported = await this.imports.import(caller, query, streamOf(request));
    return new Answer(201, importView(imported), { Location: `/v1/usage/imports/${imported.importId}` });
  }

  @Get(':importId')
  @Allow('usage.write')
  @Documented({
    summary: 'Read an import',
    description: 'Works while the file is still being received.',
    answers: { 200: UsageImportView },
  })
  async find(@Param('importId', { schema: uuid }) importId: string) {
    return importView(await this.imports.find(importId));
  }

  @Get(':importId/errors')
  @Allow('usage.write')
  @Documented({
    summary: 'List refused rows',
    description: 'In file order, each with how to fix it. Only the first 10,000 errors are kept.',
    answers: { 200: ImportErrorsView },
  })
  errors(@Param('importId', { schema: uuid }) importId: string, @Query({ schema: ImportErrorsQuery }) query: ImportErrorsQuery) {
    return this.imports.errors(importId, query);
  }
}
