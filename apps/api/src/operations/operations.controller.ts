import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal, Scope } from '#libs/auth/index.js';
import { Allow, CurrentPrincipal, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { OperationReader } from './operation.reader.js';
import { Operation } from './operation.view.js';

@ApiTags('operations')
@Controller('v1/operations')
export class OperationsController {
  constructor(private readonly reader: OperationReader) {}

  @Get(':operationId')
  @Allow('operations.read')
  @Documented({
    summary: 'Read an accepted command',
    description: 'For the sender of the command and for the vendor.',
    answers: { 200: Operation },
  })
  get(@CurrentScope() scope: Scope, @CurrentPrincipal() principal: Principal, @Param('operationId', { schema: uuid }) operationId: string) {
    return this.reader.read(operationId, scope, principal.subject);
  }
}
