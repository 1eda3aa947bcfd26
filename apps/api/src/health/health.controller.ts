import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Public } from '../auth/access.decorator.js';
import { Answer } from '../http/answer.js';
import { Documented } from '../http/documentation.js';
import { readinessCodes, ReadinessService } from './readiness.service.js';

const Live = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness', description: 'The process runs.' });
const Part = z.object({ ok: z.boolean(), code: z.enum(readinessCodes).nullable().describe('What is wrong; null when nothing is.') });
const Warning = z
  .object({ code: z.string().describe('Stable; an open list.'), message: z.string() })
  .describe('What somebody should do soon, though everything works: it makes nothing unready.');
const Ready = z
  .object({
    status: z.enum(['ok', 'unavailable']),
    checks: z.object({ database: Part, migrations: Part, temporal: Part, worker: Part }),
    warnings: z.array(Warning),
  })
  .meta({
    id: 'Readiness',
    description: 'Whether each part is there, and what is wrong by its code. The details are in the log of the API.',
  });

@ApiTags('health')
@Public()
@Controller()
export class HealthController {
  constructor(private readonly readiness: ReadinessService) {}

  @Get('livez')
  @Documented({
    summary: 'Tell whether the process runs',
    description: 'Asks nothing else, so that only a dead process is restarted.',
    answers: { 200: Live },
  })
  live() {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Documented({
    summary: 'Tell whether everything is there',
    description:
      'A database that can be written to, migrations, Temporal, and a worker at its queue. Claims and opt-outs are accepted with the database ' +
      'alone. Answers may be two seconds old.',
    answers: { 200: Ready, 503: Ready },
  })
  async ready() {
    const [checks, warnings] = await Promise.all([this.readiness.check(), this.readiness.warnings()]);
    const isReady = Object.values(checks).every((part) => part.ok);
    return new Answer(isReady ? 200 : 503, { status: isReady ? 'ok' : 'unavailable', checks, warnings });
  }
}
