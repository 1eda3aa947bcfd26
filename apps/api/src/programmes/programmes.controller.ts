import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { text } from '../http/text.schema.js';
import { ProgrammeReader } from './programme.reader.js';

export const Programme = z
  .object({
    name: z.string(),
    version: z.int().min(1).max(100_000).describe('Version of the policy in force.'),
    effectiveFrom: z.string(),
    calendar: z.string().describe('Calendar in which business days are counted.'),
    areas: z.array(z.looseObject({ code: z.string() })),
    activities: z.array(z.looseObject({ code: z.string() })),
    products: z.array(z.looseObject({ code: z.string() })),
    clocks: z.looseObject({}),
    acknowledgement: z.looseObject({ version: z.int().min(1).max(100_000) }),
    requestReasons: z.array(z.looseObject({ code: z.string() })),
    rejectionReasons: z.array(z.looseObject({ code: z.string() })),
  })
  .loose()
  .meta({ id: 'Programme', description: 'The policy in force: catalogue, clocks, texts and reasons.' });

const ProgrammeList = z
  .object({
    items: z.array(z.object({ name: z.string(), version: z.int().min(1).max(100_000), effectiveFrom: z.string(), calendar: z.string() })),
    next: z.string().nullable(),
  })
  .meta({ id: 'ProgrammeList' });

@ApiTags('programmes')
@Controller('v1/programmes')
export class ProgrammesController {
  constructor(private readonly reader: ProgrammeReader) {}

  @Get()
  @Allow('catalogue.read')
  @Documented({ summary: 'List the programmes', answers: { 200: ProgrammeList } })
  list() {
    return this.reader.list();
  }

  @Get(':name')
  @Allow('catalogue.read')
  @Documented({
    summary: 'Read a programme',
    description: 'Its policy in force, with catalogue and reason codes.',
    answers: { 200: Programme },
  })
  get(@Param('name', { schema: text(40) }) name: string) {
    return this.reader.read(name);
  }
}
