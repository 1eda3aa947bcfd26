import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { PendingClaimList, PendingClaimReader } from './pending-claim.reader.js';

const PendingClaimQuery = z.strictObject({ language: z.enum(['en', 'ru']).default('en').describe('Language of product names.') });

@ApiTags('tenants')
@Controller('v1/tenants/:tenantId/pending-claims')
export class PendingClaimsController {
  constructor(private readonly reader: PendingClaimReader) {}

  @Get()
  @Allow('associations.accept')
  @Documented({
    summary: 'List pending claims on the tenant',
    description: 'Claims that the tenant can still accept or refuse: one item per notice sent.',
    answers: { 200: PendingClaimList },
  })
  list(
    @CurrentScope() scope: Scope,
    @Param('tenantId', { schema: uuid }) tenantId: string,
    @Query({ schema: PendingClaimQuery }) { language }: z.output<typeof PendingClaimQuery>,
  ) {
    return this.reader.list(scope, tenantId, language);
  }
}
