import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { RefusalQuery, RefusalReader, RefusalsView } from './refusal.reader.js';

@ApiTags('usage')
@Controller('v1/usage/refusals')
export class RefusalsController {
  constructor(private readonly reader: RefusalReader) {}

  @Get()
  @Allow('usage.refusals')
  @Documented({
    summary: 'List refused reads of usage',
    description: 'Attempts to read an association that had ended, that belongs to another partner, or that does not exist, newest first.',
    answers: { 200: RefusalsView },
  })
  list(@Query({ schema: RefusalQuery }) query: RefusalQuery) {
    return this.reader.list(query);
  }
}
