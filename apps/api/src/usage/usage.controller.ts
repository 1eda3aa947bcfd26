import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Principal, Scope } from '#libs/auth/index.js';
import { usageSets, usageViewerOf } from '#libs/usage/index.js';
import { Allow, CurrentPrincipal, CurrentScope } from '../auth/access.decorator.js';
import { Answer } from '../http/answer.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { Limited } from '../limits/limited.decorator.js';
import { UsageExport } from './usage.export.js';
import { AggregatesQuery, ExportQuery, ExportsQuery, RowsQuery, SeriesQuery } from './usage.query.js';
import { UsageReader } from './usage.reader.js';
import { AggregatesView, ExportsView, SeriesView, SetsView, setView, UsageExportFileView, UsageRowsView } from './usage.view.js';

/** A cache would keep serving usage after the customer has ended access. */
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
    description: 'From the month in which the association began, while it is live. The customer can see every read.',
    answers: { 200: UsageRowsView },
  })
  async ofAssociation(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() principal: Principal,
    @Param('associationId', { schema: uuid }) associationId: string,
    @Query({ schema: RowsQuery }) query: RowsQuery,
  ) {
    return new Answer(200, await this.reader.rows(usageViewerOf(principal, scope), query, associationId), uncached);
  }

  @Get('usage')
  @Allow('usage.read')
  @Documented({
    summary: 'Read the usage of all live associations',
    description: 'Ordered by association, then month. The page after a full one may be empty.',
    answers: { 200: UsageRowsView },
  })
  async list(@CurrentScope() scope: Scope, @CurrentPrincipal() principal: Principal, @Query({ schema: RowsQuery }) query: RowsQuery) {
    return new Answer(200, await this.reader.rows(usageViewerOf(principal, scope), query), uncached);
  }

  @Get('usage/export')
  @Limited('bulk')
  @Allow('usage.read')
  @ApiProduces('application/json', 'text/csv')
  @Documented({
    summary: 'Export usage',
    description:
      'Streams all live associations. If one ends during the export, its remaining rows are left out. Associations that have ended are listed at the end, in `leftOut` or in rows with `LeftOut`, so that their months do not look empty. `Access-Id` identifies the export in the logs.',
    answers: { 200: UsageExportFileView },
  })
  async export(@CurrentScope() scope: Scope, @CurrentPrincipal() principal: Principal, @Query({ schema: ExportQuery }) query: ExportQuery) {
    const { file, accessId } = await this.exporter.open(usageViewerOf(principal, scope), query);
    return new Answer(200, file, { ...uncached, 'Access-Id': accessId, 'X-Content-Type-Options': 'nosniff' });
  }

  @Get('usage/aggregates')
  @Allow('usage.read')
  @Documented({
    summary: 'Aggregate usage',
    description:
      'Sums per month over all live associations. They leave out suppressed cells and name their columns, so that no sum reveals a small count.',
    answers: { 200: AggregatesView },
  })
  async aggregates(
    @CurrentScope() scope: Scope,
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: AggregatesQuery }) query: AggregatesQuery,
  ) {
    return new Answer(200, await this.reader.aggregates(usageViewerOf(principal, scope), query), uncached);
  }

  @Get('usage/series')
  @Allow('usage.read')
  @Documented({
    summary: 'Read a measure month by month',
    description:
      'For charts: contains every month from the beginning of the association to the latest data, with the reason where there is no value.',
    answers: { 200: SeriesView },
    problems: [404],
  })
  async series(@CurrentScope() scope: Scope, @CurrentPrincipal() principal: Principal, @Query({ schema: SeriesQuery }) query: SeriesQuery) {
    return new Answer(200, await this.reader.series(usageViewerOf(principal, scope), query), uncached);
  }

  @Get('usage/exports')
  @Allow('usage.read')
  @Documented({
    summary: 'List your exports',
    description: 'The log of your exports, newest first. It is kept after the associations have ended.',
    answers: { 200: ExportsView },
  })
  exports(@CurrentScope() scope: Scope, @Query({ schema: ExportsQuery }) query: ExportsQuery) {
    return this.reader.exports(scope, query);
  }

  @Get('usage/sets')
  @Allow('catalogue.read')
  @Documented({
    summary: 'List the data sets and their columns',
    description: 'With the column names that files use.',
    answers: { 200: SetsView },
  })
  sets() {
    return { items: Object.values(usageSets).map(setView), next: null };
  }
}
