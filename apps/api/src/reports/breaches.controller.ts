import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { BreachList, BreachQuery, BreachReader } from './breach.reader.js';

@ApiTags('reports')
@Controller('v1/reports/breaches')
export class BreachesController {
  constructor(private readonly reader: BreachReader) {}

  @Get()
  @Allow('reports.breaches')
  @Documented({
    summary: 'List deadlines missed by the vendor',
    description: 'Deadlines of clocks K1, K2, K3 and K8, newest first, with the delay of the overdue action.',
    answers: { 200: BreachList },
  })
  list(@CurrentScope() scope: Scope, @Query({ schema: BreachQuery }) query: z.output<typeof BreachQuery>) {
    return this.reader.list(scope, query);
  }
}
