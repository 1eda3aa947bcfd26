import { Controller, Get, HttpCode, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Principal, Scope } from '#libs/auth/index.js';
import { contentDisposition } from '#libs/evidence/index.js';
import { Allow, CurrentPrincipal, CurrentScope } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { Answer } from '../http/answer.js';
import { csvType, ndjsonType, streamOf, Takes } from '../http/bodies.js';
import { retryAfter } from '../commands/command.answer.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { Limited } from '../limits/limited.decorator.js';
import { ImportColumns, importColumnsView } from './column.view.js';
import { ImportReader } from './import.reader.js';
import { ImportService } from './import.service.js';
import { ImportList, ImportListQuery, ImportRowExportQuery, ImportRowList, ImportRowQuery, ImportView } from './import.views.js';
import { formatOf } from './sent-rows.js';

const NewImport = z.strictObject({
  submit: z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .default(false)
    .describe('Whether to submit each claim.')
    .meta({ type: 'boolean' }),
});

@ApiTags('imports')
@Allow('claims.create')
@Controller('v1/claims/imports')
export class ImportsController {
  constructor(
    private readonly service: ImportService,
    private readonly reader: ImportReader,
  ) {}

  @Post()
  @Limited('bulk')
  @HttpCode(202)
  @Takes(ndjsonType, csvType)
  @ApiBody({ schema: { type: 'string', description: 'One claim per line: JSON Lines, or CSV with a header.' } })
  @Documented({
    summary: 'Import claims',
    description:
      'At most 5,000 claims and 64 MiB. Either every row is stored before the response, or none is. Rows are processed in the background at a limited rate, so that other users are not slowed down. A refused row does not affect the others.',
    answers: { 202: ImportView },
  })
  async create(
    @CurrentCaller() caller: Caller,
    @Query({ schema: NewImport }) { submit }: z.output<typeof NewImport>,
    @Req() request: FastifyRequest,
  ) {
    const sent = { kind: 'create', format: formatOf(request.headers), submits: submit } as const;
    const importId = await this.service.take(caller, sent, streamOf(request));
    return new Answer(202, await this.reader.read('create', importId), { Location: `/v1/claims/imports/${importId}`, ...retryAfter });
  }

  @Get()
  @Documented({
    summary: 'List imports',
    description: 'The latest first. Of the whole company for those who cover all its locations, of the caller otherwise.',
    answers: { 200: ImportList },
  })
  list(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() { subject }: Principal,
    @Query({ schema: ImportListQuery }) query: z.output<typeof ImportListQuery>,
  ) {
    return this.reader.list('create', scope, subject, query);
  }

  @Get('columns')
  @Documented({
    summary: 'List the columns of an import',
    description: 'What a CSV import may contain, so that a program can check a file before it sends it.',
    answers: { 200: ImportColumns },
  })
  columns() {
    return importColumnsView();
  }

  @Get(':importId')
  @Documented({ summary: 'Read an import', description: 'Its state, and the number of rows by outcome.', answers: { 200: ImportView } })
  async get(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() { subject }: Principal,
    @Param('importId', { schema: uuid }) importId: string,
  ) {
    await this.service.find(scope, subject, 'create', importId);
    return this.reader.read('create', importId);
  }

  @Get(':importId/rows')
  @Documented({
    summary: "List an import's rows",
    description: 'In file order, each with its outcome.',
    answers: { 200: ImportRowList },
  })
  async rows(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() { subject }: Principal,
    @Param('importId', { schema: uuid }) importId: string,
    @Query({ schema: ImportRowQuery }) query: z.output<typeof ImportRowQuery>,
  ) {
    await this.service.find(scope, subject, 'create', importId);
    return this.reader.rows('create', importId, query);
  }

  @Get(':importId/rows.csv')
  @Limited('bulk')
  @ApiOperation({ summary: "Download an import's rows", description: 'As CSV, with one record per finding.' })
  @ApiProduces('text/csv')
  @ApiResponse({ status: 200, description: 'The rows.', content: { 'text/csv': { schema: { type: 'string' } } } })
  async csv(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() { subject }: Principal,
    @Param('importId', { schema: uuid }) importId: string,
    @Query({ schema: ImportRowExportQuery }) { outcome }: z.output<typeof ImportRowExportQuery>,
  ) {
    await this.service.find(scope, subject, 'create', importId);
    const content = Buffer.from(await this.reader.csv('create', importId, outcome));
    const disposition = contentDisposition(`import-${importId}.csv`);
    return new StreamableFile(content, { type: 'text/csv; charset=utf-8; header=present', disposition });
  }

  @Post(':importId/pause')
  @HttpCode(200)
  @Documented({
    summary: 'Pause an import',
    description: 'Takes effect after the rows that are being processed.',
    answers: { 200: ImportView },
    problems: [409],
  })
  pause(@CurrentCaller() caller: Caller, @Param('importId', { schema: uuid }) importId: string) {
    return this.move(caller, importId, 'paused');
  }

  @Post(':importId/resume')
  @HttpCode(200)
  @Documented({
    summary: 'Resume an import',
    description: 'Continues with the next pending row.',
    answers: { 200: ImportView },
    problems: [409],
  })
  resume(@CurrentCaller() caller: Caller, @Param('importId', { schema: uuid }) importId: string) {
    return this.move(caller, importId, 'running');
  }

  @Post(':importId/cancel')
  @HttpCode(200)
  @Documented({
    summary: 'Cancel an import',
    description: 'Claims already created stay; pending rows are dropped.',
    answers: { 200: ImportView },
    problems: [409],
  })
  cancel(@CurrentCaller() caller: Caller, @Param('importId', { schema: uuid }) importId: string) {
    return this.move(caller, importId, 'cancelled');
  }

  private async move(caller: Caller, importId: string, to: 'running' | 'paused' | 'cancelled') {
    await this.service.move(caller, 'create', importId, to);
    return this.reader.read('create', importId);
  }
}
