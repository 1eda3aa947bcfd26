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
import { ClaimUpdateColumns, updateColumnsView } from './column.view.js';
import { ImportReader } from './import.reader.js';
import { ImportService } from './import.service.js';
import { UpdateList, ImportListQuery, UpdateRowExportQuery, UpdateRowList, UpdateRowQuery, UpdateView } from './import.views.js';
import { formatOf } from './sent-rows.js';

const NewUpdate = z.strictObject({
  dryRun: z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .default(false)
    .describe('Whether to change nothing, and only say for each row what would happen.')
    .meta({ type: 'boolean' }),
});

@ApiTags('updates')
@Allow('claims.edit')
@Controller('v1/claims/updates')
export class UpdatesController {
  constructor(
    private readonly service: ImportService,
    private readonly reader: ImportReader,
  ) {}

  @Post()
  @HttpCode(202)
  @Takes(ndjsonType, csvType)
  @ApiBody({
    schema: { type: 'string', description: 'One claim per line: JSON Lines, or CSV with a header, such as an export of claims.' },
  })
  @Documented({
    summary: 'Update claims in bulk',
    description:
      'Changes fields of existing claims, submits, withdraws or disassociates them: at most 5,000 rows and 64 MiB, each with its own outcome. Either every row is stored before the response, or none is. Rows are processed in the background, in their order and at a limited rate. The export of claims (CSV) is a valid body; its unchanged rows change nothing.',
    answers: { 202: UpdateView },
  })
  async create(
    @CurrentCaller() caller: Caller,
    @Query({ schema: NewUpdate }) { dryRun }: z.output<typeof NewUpdate>,
    @Req() request: FastifyRequest,
  ) {
    const sent = { kind: 'update', format: formatOf(request.headers), isDryRun: dryRun } as const;
    const updateId = await this.service.take(caller, sent, streamOf(request));
    return new Answer(202, await this.reader.read('update', updateId), { Location: `/v1/claims/updates/${updateId}`, ...retryAfter });
  }

  @Get()
  @Documented({
    summary: 'List bulk updates',
    description: 'The latest first. Of the whole company for those who cover all its locations, of the caller otherwise.',
    answers: { 200: UpdateList },
  })
  list(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() { subject }: Principal,
    @Query({ schema: ImportListQuery }) query: z.output<typeof ImportListQuery>,
  ) {
    return this.reader.list('update', scope, subject, query);
  }

  @Get('columns')
  @Documented({
    summary: 'List the columns of a bulk update',
    description: 'What a table of changes may contain, so that a program can check a file before it sends it.',
    answers: { 200: ClaimUpdateColumns },
  })
  columns() {
    return updateColumnsView();
  }

  @Get(':updateId')
  @Documented({ summary: 'Read a bulk update', description: 'Its state, and the number of rows by outcome.', answers: { 200: UpdateView } })
  async get(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() { subject }: Principal,
    @Param('updateId', { schema: uuid }) updateId: string,
  ) {
    await this.service.find(scope, subject, 'update', updateId);
    return this.reader.read('update', updateId);
  }

  @Get(':updateId/rows')
  @Documented({
    summary: "List a bulk update's rows",
    description: 'In file order, each with its outcome.',
    answers: { 200: UpdateRowList },
  })
  async rows(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() { subject }: Principal,
    @Param('updateId', { schema: uuid }) updateId: string,
    @Query({ schema: UpdateRowQuery }) query: z.output<typeof UpdateRowQuery>,
  ) {
    await this.service.find(scope, subject, 'update', updateId);
    return this.reader.rows('update', updateId, query);
  }

  @Get(':updateId/rows.csv')
  @ApiOperation({ summary: "Download a bulk update's rows", description: 'As CSV, with one record per finding.' })
  @ApiProduces('text/csv')
  @ApiResponse({ status: 200, description: 'The rows.', content: { 'text/csv': { schema: { type: 'string' } } } })
  async csv(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() { subject }: Principal,
    @Param('updateId', { schema: uuid }) updateId: string,
    @Query({ schema: UpdateRowExportQuery }) { outcome }: z.output<typeof UpdateRowExportQuery>,
  ) {
    await this.service.find(scope, subject, 'update', updateId);
    const content = Buffer.from(await this.reader.csv('update', updateId, outcome));
    const disposition = contentDisposition(`update-${updateId}.csv`);
    return new StreamableFile(content, { type: 'text/csv; charset=utf-8; header=present', disposition });
  }

  @Post(':updateId/pause')
  @HttpCode(200)
  @Documented({
    summary: 'Pause a bulk update',
    description: 'Takes effect after the rows that are being processed.',
    answers: { 200: UpdateView },
    problems: [409],
  })
  pause(@CurrentCaller() caller: Caller, @Param('updateId', { schema: uuid }) updateId: string) {
    return this.move(caller, updateId, 'paused');
  }

  @Post(':updateId/resume')
  @HttpCode(200)
  @Documented({
    summary: 'Resume a bulk update',
    description: 'Continues with the next pending row.',
    answers: { 200: UpdateView },
    problems: [409],
  })
  resume(@CurrentCaller() caller: Caller, @Param('updateId', { schema: uuid }) updateId: string) {
    return this.move(caller, updateId, 'running');
  }

  @Post(':updateId/cancel')
  @HttpCode(200)
  @Documented({
    summary: 'Cancel a bulk update',
    description: 'What was changed stays; pending rows are dropped.',
    answers: { 200: UpdateView },
    problems: [409],
  })
  cancel(@CurrentCaller() caller: Caller, @Param('updateId', { schema: uuid }) updateId: string) {
    return this.move(caller, updateId, 'cancelled');
  }

  private async move(caller: Caller, updateId: string, to: 'running' | 'paused' | 'cancelled') {
    await this.service.move(caller, 'update', updateId, to);
    return this.reader.read('update', updateId);
  }
}
