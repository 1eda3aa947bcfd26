import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answerWithOperation } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { Answer } from '../http/answer.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { Operation } from '../operations/operation.view.js';
import { PartnerBlockList, TenantReader } from './tenant.reader.js';

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
    description: 'Partners whose claims the tenant no longer accepts. Blocks are created by refusals.',
    answers: { 200: PartnerBlockList },
  })
  list(@CurrentScope() scope: Scope, @Param('tenantId', { schema: uuid }) tenantId: string) {
    return this.reader.blocks(scope, tenantId);
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
