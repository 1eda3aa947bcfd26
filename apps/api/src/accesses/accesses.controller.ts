import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { Limited } from '../limits/limited.decorator.js';
import { AccessExport } from './access.export.js';
import { AccessExportQuery, AccessList, AccessQuery, AccessReader, AccessView } from './access.reader.js';

const mediaTypes = { csv: 'text/csv; charset=utf-8; header=present', json: 'application/json; charset=utf-8' };

@ApiTags('tenants')
@Controller('v1/tenants/:tenantId/accesses')
export class AccessesController {
  constructor(
    private readonly reader: AccessReader,
    private readonly files: AccessExport,
  ) {}

  @Get()
  @Allow('tenant_log.read')
  @Documented({
    summary: 'List who read your usage',
    description:
      'Every read and export by any partner, and every attempt after an association had ended, newest first. Entries can be added, but never changed.',
    answers: { 200: AccessList },
  })
  list(
    @CurrentScope() scope: Scope,
    @Param('tenantId', { schema: uuid }) tenantId: string,
    @Query({ schema: AccessQuery }) query: AccessQuery,
  ) {
    return this.reader.list(scope, tenantId, query);
  }

  @Get('export')
  @Limited('bulk')
  @Allow('tenant_log.read')
  @ApiProduces('application/json', 'text/csv')
  @Documented({
    summary: 'Export who read your usage',
    description: 'A file with exactly what the list returns for the same filters, newest first.',
    answers: { 200: z.array(AccessView) },
  })
  async export(
    @CurrentScope() scope: Scope,
    @Param('tenantId', { schema: uuid }) tenantId: string,
    @Query({ schema: AccessExportQuery }) query: AccessExportQuery,
  ) {
    return new StreamableFile(await this.files.open(scope, tenantId, query), {
      type: mediaTypes[query.format],
      disposition: `attachment; filename="accesses.${query.format}"`,
    });
  }
}
