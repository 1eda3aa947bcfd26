import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { CompareQuery, SubmissionList, SubmissionNumber, SubmittedClaim, SubmittedVersionReader } from './submitted-version.reader.js';

@ApiTags('claims')
@Controller('v1/claims/:claimId/submissions')
export class SubmittedVersionsController {
  constructor(private readonly reader: SubmittedVersionReader) {}

  @Get()
  @Allow('claims.read')
  @Documented({ summary: 'List the submissions of a claim', description: 'Oldest first.', answers: { 200: SubmissionList } })
  list(@CurrentScope() scope: Scope, @Param('claimId', { schema: claimReference }) claimId: string) {
    return this.reader.list(scope, claimId);
  }

  @Get(':submission')
  @Allow('claims.read')
  @Documented({
    summary: 'Read a claim as it was submitted',
    description: 'With `compareWith`, also shows what changed since another submission.',
    answers: { 200: SubmittedClaim },
  })
  get(
    @CurrentScope() scope: Scope,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Param('submission', { schema: SubmissionNumber }) submission: number,
    @Query({ schema: CompareQuery }) { compareWith }: z.output<typeof CompareQuery>,
  ) {
    return this.reader.get(scope, claimId, submission, compareWith);
  }
}
