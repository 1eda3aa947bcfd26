import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Allow } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { RepairList, RepairQuery, RepairReader } from './repair.reader.js';

@ApiTags('reports')
@Controller('v1/reports/repairs')
export class RepairsController {
  constructor(private readonly reader: RepairReader) {}

  @Get()
  @Allow('reports.repairs')
  @Documented({
    summary: 'List repairs by the reconciliation',
    description: 'Claims that the reconciliation woke because Temporal was not processing them, newest first, with the reason.',
    answers: { 200: RepairList },
  })
  list(@Query({ schema: RepairQuery }) query: z.output<typeof RepairQuery>) {
    return this.reader.list(query);
  }
}
