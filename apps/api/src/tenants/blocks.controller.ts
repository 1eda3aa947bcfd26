import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answerWithOperation } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { withText } from '../commands/texts.js';
import { Answer } from '../http/answer.js';
import { Documented } from '../http/documentation.js';
import { identifier, text, uuid } from '../http/text.schema.js';
import { Limited } from '../limits/limited.decorator.js';
import { Operation } from '../operations/operation.view.js';
import { PartnerBlockList, TenantReader } from './tenant.reader.js';

const NewPartnerBlock = z
  .strictObject({
    partnerAccountId: identifier(100).describe('Account of a partner that has made a claim of which the tenant was told.'),
    reason: text(1_000).optional(),
  })
  .meta({ id: 'NewPartnerBlock', example: { partnerAccountId: '52ae3f06-3584-4ea8-a1be-f5d3bd9dd94c', reason: 'We do not know them.' } });

@ApiTags('tenants')
@Controller('v1/tenants/:tenantId/blocks')
export class BlocksController {
  constructor(
    private readonly reader: TenantReader,
    private readonly commands: CommandService,
  ) {}

  @Get()
  @Allow('partners.block')
  @Documented({
    summary: 'List blocked partners',
    description: 'Partners whose claims the tenant no longer accepts, blocked by themselves or with a refusal.',
    answers: { 200: PartnerBlockList },
  })
  list(@CurrentScope() scope: Scope, @Param('tenantId', { schema: uuid }) tenantId: string) {
    return this.reader.blocks(scope, tenantId);
  }

  @Post()
  @Limited('answer')
  @HttpCode(200)
  @Allow('partners.block')
  @Documented({
    summary: 'Block a partner',
    description:
      'Refuses further claims by this partner on the tenant, and everything that it has open there. Associations stay until they are ended. Blocking a blocked partner changes nothing.',
    answers: { 200: Operation },
  })
  async block(
    @CurrentCaller() caller: Caller,
    @Param('tenantId', { schema: uuid }) tenantId: string,
    @Body({ schema: NewPartnerBlock }) sent: z.output<typeof NewPartnerBlock>,
  ) {
    const claimId = await this.reader.claimToBlockBy(caller.scope, tenantId, sent.partnerAccountId);
    const body = withText(sent.reason, (textId) => ({ textId }));
    return answerWithOperation(await this.commands.handle({ caller, claimId, type: 'blockPartner', body, sent }), caller.principal);
  }

  @Delete(':blockId')
  @HttpCode(200)
  @Allow('partners.block')
  @Documented({
    summary: 'Unblock a partner',
    description: 'Removes every block of this partner on the tenant.',
    answers: { 200: Operation },
  })
  async lift(
    @CurrentCaller() caller: Caller,
    @Param('tenantId', { schema: uuid }) tenantId: string,
    @Param('blockId', { schema: uuid }) blockId: string,
  ) {
    const claims = await this.reader.blockedClaims(caller.scope, tenantId, blockId);
    let last: Answer | undefined;
    for (const claimId of claims) {
      const settlement = await this.commands.handle({ caller, claimId, type: 'liftBlock', body: {}, sent: null, purpose: claimId });
      last = answerWithOperation(settlement, caller.principal);
    }
    return last!;
  }
}
