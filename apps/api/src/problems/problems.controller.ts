import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { isProblemCode, Problem, problemCatalogue, problemType } from '#libs/problems/index.js';
import { Public } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { listOf } from '../http/listing.js';

const ProblemType = z
  .object({
    type: z.string(),
    code: z.string(),
    status: z.int().min(400).max(599),
    kind: z.enum(['refusal', 'shape', 'auth', 'fault']),
    title: z.string(),
    cause: z.string(),
    remedy: z.string(),
    severity: z.enum(['error', 'warning', 'hold']).optional(),
    header: z.enum(['If-Match', 'Idempotency-Key']).optional().describe('The request header that the code always concerns.'),
  })
  .meta({ id: 'ProblemType' });

const ProblemTypeList = listOf(ProblemType);

/** Serves the pages that the `type` of a problem points to. */
@ApiTags('problems')
@Public()
@Controller('problems')
export class ProblemsController {
  @Get()
  @Documented({ summary: 'List the problems', description: 'Every code with its cause and remedy.', answers: { 200: ProblemTypeList } })
  list() {
    return { items: Object.keys(problemCatalogue).map(entry), next: null };
  }

  @Get(':code')
  @Documented({ summary: 'Explain a problem', description: 'What the `type` of a problem points to.', answers: { 200: ProblemType } })
  get(@Param('code') code: string) {
    if (!isProblemCode(code)) throw new Problem('not_found');
    return entry(code);
  }
}

function entry(code: string) {
  return isProblemCode(code) ? { type: problemType(code), code, ...problemCatalogue[code] } : undefined;
}
