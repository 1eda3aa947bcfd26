import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { TargetInterval } from '#libs/read-models/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { instant, text } from '../http/text.schema.js';
import { TargetReader } from './target.reader.js';

const HistoryQuery = z.strictObject({
  at: instant.optional().describe('Returns only the interval at this instant; all intervals if omitted.'),
});

const TargetHistory = z.object({ target: z.string(), items: z.array(TargetInterval) }).meta({ id: 'TargetHistory' });

@ApiTags('associations')
@Controller('v1/targets/:target')
export class TargetsController {
  constructor(private readonly reader: TargetReader) {}

  @Get('history')
  @Allow('associations.read')
  @Documented({
    summary: 'Read who held a target, and why',
    description:
      'Write the target as associations do: `workload:<tenant>:<product>` or `subscription:<id>`. Partners see their own intervals, tenant administrators those of their tenant.',
    answers: { 200: TargetHistory },
  })
  async history(
    @CurrentScope() scope: Scope,
    @Param('target', { schema: text(400) }) target: string,
    @Query({ schema: HistoryQuery }) { at }: z.output<typeof HistoryQuery>,
  ) {
    return { target, items: await this.reader.history(scope, target, at) };
  }
}
