import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { ClaimDeadlines, DeadlinesReader } from './deadlines.reader.js';

@ApiTags('claims')
@Controller('v1/claims/:claimId/deadlines')
export class DeadlinesController {
  constructor(private readonly reader: DeadlinesReader) {}

  @Get()
  @Allow('claims.read')
  @Documented({
    summary: 'Explain the deadlines of a claim',
    description:
      'How each running deadline was counted: its start, the counted and the skipped days with their reasons, the zone, the version of the calendar, and its extensions. `standing` has what one sentence about the claim needs, as codes and instants.',
    answers: { 200: ClaimDeadlines },
  })
  get(@CurrentScope() scope: Scope, @Param('claimId', { schema: claimReference }) claimId: string) {
    return this.reader.read(scope, claimId);
  }
}
