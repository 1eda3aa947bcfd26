import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Public } from '../auth/access.decorator.js';
import { Answer } from '../http/answer.js';
import { Documented } from '../http/documentation.js';
import { readinessCodes } from './readiness.js';
import { ReadinessService } from './readiness.service.js';
import { WarningsService } from './warnings.service.js';

const Live = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness', description: 'The process is running.' });
const Part = z.object({ ok: z.boolean(), code: z.enum(readinessCodes).nullable().describe('What is wrong; null if the check passed.') });
const Warning = z
  .object({ code: z.string().describe('Stable; new codes may be added.'), message: z.string() })
  .describe('Something an operator should attend to soon. Warnings do not affect readiness.');
const Ready = z
  .object({
    status: z.enum(['ok', 'unavailable']),
    checks: z.object({ database: Part, migrations: Part, temporal: Part, worker: Part }),
    warnings: z.array(Warning),
  })
  .meta({
    id: 'Readiness',
    description: 'Whether each dependency is available and, if not, why. Details are in the log of the API.',
  });

@ApiTags('health')
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: ReadinessService,
    private readonly warnings: WarningsService,
  ) {}

  @Get('livez')
  @Documented({
    summary: 'Check that the process is running',
    description: 'Checks no dependency, so that only a dead process is restarted.',
    answers: { 200: Live },
  })
  live() {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Documented({
    summary: 'Check that the API is ready',
    description:
      'Checks that the database is writable and migrated, and that Temporal and a worker are available. Claims and opt-outs need only the database. ' +
      'Results are cached for two seconds.',
    answers: { 200: Ready, 503: Ready },
  })
  async ready() {
    const [checks, warnings] = await Promise.all([this.readiness.check(), this.warnings.list()]);
    const isReady = Object.values(checks).every((part) => part.ok);
    return new Answer(isReady ? 200 : 503, { status: isReady ? 'ok' : 'unavailable', checks, warnings });
  }
}
