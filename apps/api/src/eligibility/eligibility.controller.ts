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
    summary: 'Ask what could be claimed',
    description:
      'Locations, areas, activities, products and subscriptions that are possible for a tenant, and why not the others, in the codes of a submission. Nothing is kept, and nothing is promised: a claim is checked anew.',
    answers: { 200: EligibilityView },
    problems: [409],
  })
  get(@CurrentScope() scope: Scope, @Query({ schema: EligibilityQuery }) query: EligibilityQuery) {
    return this.reader.read(scope, query);
  }
}
