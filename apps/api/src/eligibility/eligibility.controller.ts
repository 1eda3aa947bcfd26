import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { EligibilityReader } from './eligibility.reader.js';
import { EligibilityQuery, EligibilityView } from './eligibility.view.js';

@ApiTags('claims')
@Controller('v1/eligibility')
export class EligibilityController {
  constructor(private readonly reader: EligibilityReader) {}

  @Get()
  @Allow('claims.create')
  @Documented({
    summary: 'Check what can be claimed',
    description:
      'Which locations, areas, activities, products and subscriptions can be claimed for a tenant, and why the others cannot, with the same codes as a submission. Nothing is stored or guaranteed: a claim is checked again.',
    answers: { 200: EligibilityView },
    problems: [409],
  })
  get(@CurrentScope() scope: Scope, @Query({ schema: EligibilityQuery }) query: EligibilityQuery) {
    return this.reader.read(scope, query);
  }
}
