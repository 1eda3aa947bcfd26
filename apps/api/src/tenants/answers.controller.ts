import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { AnswerReader, TenantAnswerList, TenantAnswerQuery } from './answer.reader.js';

@ApiTags('tenants')
@Controller('v1/tenants/:tenantId/answers')
export class AnswersController {
  constructor(private readonly reader: AnswerReader) {}

  @Get()
  @Allow('associations.refuse')
  @Documented({
    summary: 'List what your organisation decided',
    description:
      'Acceptances, refusals, ends, choices and blocks, by whom and when, newest first. Answers that the rules refused are not listed.',
    answers: { 200: TenantAnswerList },
  })
  list(
    @CurrentScope() scope: Scope,
    @Param('tenantId', { schema: uuid }) tenantId: string,
    @Query({ schema: TenantAnswerQuery }) query: TenantAnswerQuery,
  ) {
    return this.reader.list(scope, tenantId, query);
  }
}
