import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Principal, Scope } from '#libs/auth/index.js';
import { usageSets } from '#libs/usage/index.js';
import { Allow, CurrentPrincipal, CurrentScope } from '../auth/access.decorator.js';
import { Answer } from '../http/answer.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { UsageExport } from './usage.export.js';
import { AggregatesQuery, ExportQuery, ExportsQuery, RowsQuery, SeriesQuery } from './usage.query.js';
import { readerOf, UsageReader } from './usage.reader.js';
import { AggregatesView, ExportsView, SeriesView, SetsView, setView, UsageExportFileView, UsageRowsView } from './usage.view.js';

/** A cache would go on serving what the customer has ended. */
const uncached = { 'Cache-Control': 'private, no-store' };

@ApiTags('usage')
@Controller('v1')
export class UsageController {
  constructor(
    private readonly reader: UsageReader,
    private readonly exporter: UsageExport,
  ) {}

  @Get('associations/:associationId/usage')
  @Allow('usage.read')
  @Documented({
    summary: "Read an association's usage",
    description: 'From the month of the association, while it is live. Every read is logged for the customer.',
    answers: { 200: UsageRowsView },
  })
  async ofAssociation(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() principal: Principal,
    @Param('associationId', { schema: uuid }) associationId: string,
    @Query({ schema: RowsQuery }) query: RowsQuery,
  ) {
    return new Answer(200, await this.reader.rows(readerOf(principal, scope), query, associationId), uncached);
  }

  @Get('usage')
  @Allow('usage.read')
  @Documented({
    summary: 'Read the usage of all live associations',
    description: 'Sorted by association, then month. The last page may be empty.',
    answers: { 200: UsageRowsView },
  })
  async list(@CurrentScope() scope: Scope, @CurrentPrincipal() principal: Principal, @Query({ schema: RowsQuery }) query: RowsQuery) {
    return new Answer(200, await this.reader.rows(readerOf(principal, scope), query), uncached);
  }

  @Get('usage/export')
  @Allow('usage.read')
  @ApiProduces('application/json', 'text/csv')
  @Documented({
    summary: 'Export usage',
    description:
      'All live associations, streamed. An association that ends during the export is cut off in the file as well. Ended associations are listed at the end, in `leftOut` or in rows with `LeftOut`, so that their months are not mistaken for empty ones. `Access-Id` identifies the export in the logs.',
    answers: { 200: UsageExportFileView },
  })
  async export(@CurrentScope() scope: Scope, @CurrentPrincipal() principal: Principal, @Query({ schema: ExportQuery }) query: ExportQuery) {
    const { file, accessId } = await this.exporter.open(readerOf(principal, scope), query);
    return new Answer(200, file, { ...uncached, 'Access-Id': accessId, 'X-Content-Type-Options': 'nosniff' });
  }

  @Get('usage/aggregates')
  @Allow('usage.read')
  @Documented({
    summary: 'Aggregate usage',
    description:
      'Per month, over all live associations. Sums exclude suppressed cells and name the affected columns, so that no sum reveals a small count.',
    answers: { 200: AggregatesView },
  })
  async aggregates(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: AggregatesQuery }) query: AggregatesQuery,
  ) {
    return new Answer(200, await this.reader.aggregates(readerOf(principal, scope), query), uncached);
  }

  @Get('usage/series')
  @Allow('usage.read')
  @Documented({
    summary: 'Read a measure month by month',
    description: 'For charts: every month from the start of the association to the latest data, with a reason if there is no value.',
    answers: { 200: SeriesView },
    problems: [404],
  })
  async series(@CurrentScope() scope: Scope, @CurrentPrincipal() principal: Principal, @Query({ schema: SeriesQuery }) query: SeriesQuery) {
    return new Answer(200, await this.reader.series(readerOf(principal, scope), query), uncached);
  }

  @Get('usage/exports')
  @Allow('usage.read')
  @Documented({
    summary: 'List your exports',
    description: 'Log of exports, newest first. Entries stay after the associations have ended.',
    answers: { 200: ExportsView },
  })
  exports(@CurrentScope() scope: Scope, @Query({ schema: ExportsQuery }) query: ExportsQuery) {
    return this.reader.exports(scope, query);
  }

  @Get('usage/sets')
  @Allow('catalogue.read')
  @Documented({
    summary: 'List the data sets and their columns',
    description: 'With the column names used in files.',
    answers: { 200: SetsView },
  })
  sets() {
    return { items: Object.values(usageSets).map(setView), next: null };
  }
}
