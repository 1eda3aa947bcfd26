import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { AccessList, AccessQuery, AccessReader } from './access.reader.js';

@ApiTags('tenants')
@Controller('v1/tenants/:tenantId/accesses')
export class AccessesController {
  constructor(private readonly reader: AccessReader) {}

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
}
