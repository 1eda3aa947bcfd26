import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answerWithOperation } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { withText } from '../commands/texts.js';
import { Documented } from '../http/documentation.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { text, uuid } from '../http/text.schema.js';
import { Limited } from '../limits/limited.decorator.js';
import { Operation } from '../operations/operation.view.js';
import { TenantChoiceList, TenantReader } from './tenant.reader.js';

const ChoiceQuery = z.strictObject({ language: z.enum(['en', 'ru']).default('en').describe('Language of the product name.') });

const NewChoiceAnswer = z
  .strictObject({ claimId: uuid.describe('Claim of the preferred partner.'), reason: text(1_000).optional() })
  .meta({ id: 'NewChoiceAnswer', example: { claimId: '0199f3a1-6a7e-4f2c-9d57-0c6f6f0f3b11' } });

@ApiTags('tenants')
@Controller('v1')
export class ChoicesController {
  constructor(
    private readonly reader: TenantReader,
    private readonly commands: CommandService,
  ) {}

  @Get('tenants/:tenantId/choices')
  @Allow('choices.answer')
  @Documented({
    summary: 'List choices between partners',
    description: 'Newest claims first, decided ones included.',
    answers: { 200: TenantChoiceList },
  })
  list(
    @CurrentScope() scope: Scope,
    @Param('tenantId', { schema: uuid }) tenantId: string,
    @Query({ schema: ChoiceQuery }) { language }: z.output<typeof ChoiceQuery>,
  ) {
    return this.reader.choices(scope, tenantId, language);
  }

  @Post('claims/:claimId/choices/:choiceId/answers')
  @Limited('answer')
  @HttpCode(200)
  @Allow('choices.answer')
  @Documented({
    summary: 'Choose between partners',
    description: 'For an administrator of the tenant. The latest choice before the decision counts.',
    answers: { 200: Operation },
  })
  async choose(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Param('choiceId', { schema: uuid }) choiceId: string,
    @Body({ schema: NewChoiceAnswer }) sent: z.output<typeof NewChoiceAnswer>,
  ) {
    const body = withText(sent.reason, (textId) => ({ choiceId, claimId: sent.claimId, textId }));
    return answerWithOperation(
      await this.commands.handle({ caller, claimId, type: 'chooseRival', body, sent: { ...sent, choiceId } }),
      caller.principal,
    );
  }
}
