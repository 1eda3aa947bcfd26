import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { ClaimSummaryView } from '#libs/read-models/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { Limited } from '../limits/limited.decorator.js';
import { ClaimExportService } from './claim-export.service.js';
import { ClaimCountQuery, ClaimExportQuery, ClaimQuery } from './claim.query.js';
import { ClaimCount, ClaimList, ClaimOverview, ClaimReader } from './claim.reader.js';

const mediaTypes = { csv: 'text/csv; charset=utf-8; header=present', json: 'application/json; charset=utf-8' };

@ApiTags('claims')
@Controller('v1/claims')
export class ClaimListsController {
  constructor(
    private readonly reader: ClaimReader,
    private readonly files: ClaimExportService,
  ) {}

  @Get()
  @Allow('claims.read')
  @Documented({
    summary: 'List claims',
    description:
      'Limited to the scope of the caller. A claim that does not change while you page appears exactly once; to find changed claims, pass `asOf` as `updatedAfter`.',
    answers: { 200: ClaimList },
  })
  list(@CurrentScope() scope: Scope, @Query({ schema: ClaimQuery }) query: ClaimQuery) {
    return this.reader.list(scope, query);
  }

  @Get('summary')
  @Allow('claims.read')
  @Documented({
    summary: 'Count claims',
    description: 'Counts by state, limited to the scope of the caller.',
    answers: { 200: ClaimOverview },
  })
  overview(@CurrentScope() scope: Scope) {
    return this.reader.overview(scope);
  }

  @Get('count')
  @Allow('claims.read')
  @Documented({
    summary: 'Count what the list would hold',
    description:
      'Takes the filters of the list. The number is exact up to a cap; beyond it, or where counting would take too long, `precision` says what it is instead.',
    answers: { 200: ClaimCount },
  })
  count(@CurrentScope() scope: Scope, @Query({ schema: ClaimCountQuery }) query: ClaimCountQuery) {
    return this.reader.count(scope, query);
  }

  @Get('export')
  @Limited('bulk')
  @Allow('claims.read')
  @ApiProduces('application/json', 'text/csv')
  @Documented({
    summary: 'Export claims',
    description:
      'A file with exactly what the list returns for the same filters at one instant, in the same order. The table (CSV) can be sent back as a bulk update.',
    answers: { 200: z.array(ClaimSummaryView) },
    problems: [429],
  })
  async export(@CurrentScope() scope: Scope, @Query({ schema: ClaimExportQuery }) query: ClaimExportQuery) {
    return new StreamableFile(await this.files.open(scope, query), {
      type: mediaTypes[query.format],
      disposition: `attachment; filename="claims.${query.format}"`,
    });
  }
}
