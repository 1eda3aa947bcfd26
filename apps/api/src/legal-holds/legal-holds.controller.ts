import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { Answer } from '../http/answer.js';
import { Documented } from '../http/documentation.js';
import { listOf } from '../http/listing.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { requiredText, uuid } from '../http/text.schema.js';
import { LegalHoldService } from './legal-hold.service.js';

const reason = requiredText(1_000);
const NewLegalHold = z.strictObject({ reason }).meta({ id: 'NewLegalHold', example: { reason: 'Litigation 2026/17.' } });
const NewRelease = z.strictObject({ reason }).meta({ id: 'NewLegalHoldRelease', example: { reason: 'Litigation 2026/17 is settled.' } });

const words = z.string().nullable().describe('Null once erased.');
const LegalHoldView = z
  .object({
    holdId: z.string(),
    claimId: z.string(),
    reason: words,
    placedBy: z.string(),
    placedAt: z.iso.datetime(),
    release: z.object({ reason: words, releasedBy: z.string(), releasedAt: z.iso.datetime() }).nullable(),
  })
  .meta({ id: 'LegalHold' });
const LegalHoldList = listOf(LegalHoldView);

@ApiTags('retention')
@Controller('v1/claims/:claimId/legal-holds')
export class LegalHoldsController {
  constructor(private readonly holds: LegalHoldService) {}

  @Post()
  @Allow('retention.hold')
  @Documented({
    summary: 'Place a legal hold',
    description: 'Until it is released, nothing of the claim is erased, neither by retention nor on request.',
    answers: { 201: LegalHoldView },
  })
  async place(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewLegalHold }) sent: z.output<typeof NewLegalHold>,
  ) {
    return new Answer(201, await this.holds.place(caller, claimId, sent.reason));
  }

  @Get()
  @Allow('retention.hold')
  @Documented({
    summary: "List a claim's legal holds",
    description: 'Including released ones, oldest first.',
    answers: { 200: LegalHoldList },
  })
  async list(@CurrentScope() scope: Scope, @Param('claimId', { schema: claimReference }) claimId: string) {
    return { items: await this.holds.list(scope, claimId), next: null };
  }

  @Post(':holdId/releases')
  @Allow('retention.hold')
  @Documented({
    summary: 'Release a legal hold',
    description: 'A hold can be released once. Both the hold and its release stay in the history.',
    answers: { 201: LegalHoldView },
    problems: [409],
  })
  async release(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Param('holdId', { schema: uuid }) holdId: string,
    @Body({ schema: NewRelease }) sent: z.output<typeof NewRelease>,
  ) {
    return new Answer(201, await this.holds.release(caller, claimId, holdId, sent.reason));
  }
}
