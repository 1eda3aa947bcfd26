import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { refuseOtherTenant } from '../tenants/tenant-scope.js';
import { AssociationList, AssociationQuery, AssociationReader, AssociationView, TenantAssociationQuery } from './association.reader.js';

@ApiTags('associations')
@Controller('v1')
export class AssociationsController {
  constructor(private readonly reader: AssociationReader) {}

  @Get('associations')
  @Allow('associations.read')
  @Documented({
    summary: 'List associations',
    description: 'Limited to the scope of the caller. A customer sees associations it was notified about.',
    answers: { 200: AssociationList },
  })
  list(@CurrentScope() scope: Scope, @Query({ schema: AssociationQuery }) query: z.output<typeof AssociationQuery>) {
    return this.reader.list(scope, query);
  }

  @Get('associations/:associationId')
  @Allow('associations.read')
  @Documented({
    summary: 'Read an association',
    description: 'Live or ended, limited to the scope of the caller.',
    answers: { 200: AssociationView },
  })
  get(@CurrentScope() scope: Scope, @Param('associationId', { schema: uuid }) associationId: string) {
    return this.reader.get(scope, associationId);
  }

  @Get('tenants/:tenantId/associations')
  @Allow('associations.read')
  @Documented({
    summary: "List a customer's partners",
    description: 'For administrators of the tenant: who is the partner of record on which target, and since when.',
    answers: { 200: AssociationList },
  })
  listOfTenant(
    @CurrentScope() scope: Scope,
    @Param('tenantId', { schema: uuid }) tenantId: string,
    @Query({ schema: TenantAssociationQuery }) query: z.output<typeof TenantAssociationQuery>,
  ) {
    refuseOtherTenant(scope, tenantId);
    return this.reader.list(scope, query);
  }
}
