import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal, Scope } from '#libs/auth/index.js';
import { FindingView } from '#libs/read-models/index.js';
import { Allow, CurrentPrincipal, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { OperationReader } from './operation.reader.js';

export const Operation = z
  .object({
    operationId: z.string(),
    claimId: z.string(),
    type: z.string().describe('Name of the command. An open list.'),
    status: z.enum(['accepted', 'done', 'refused']),
    receivedAt: z.iso.datetime().describe('The instant that decides.'),
    version: z.int().min(0).max(1_000_000).nullable().describe('Version of the claim after it; null while it is not carried out.'),
    errors: z.array(FindingView).describe('Why it was refused.'),
  })
  .meta({ id: 'Operation' });

@ApiTags('operations')
@Controller('v1/operations')
export class OperationsController {
  constructor(private readonly reader: OperationReader) {}

  @Get(':operationId')
  @Allow('operations.read')
  @Documented({ summary: 'Look an accepted command up', description: 'For its sender, and for the vendor.', answers: { 200: Operation } })
  get(@CurrentScope() scope: Scope, @CurrentPrincipal() principal: Principal, @Param('operationId', { schema: uuid }) operationId: string) {
    return this.reader.read(operationId, scope.kind === 'everything' ? null : principal.subject);
  }
}
