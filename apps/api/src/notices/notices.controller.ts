import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Problem } from '#libs/problems/index.js';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answer } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { Answer } from '../http/answer.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { operationView } from '../operations/operation.reader.js';
import { Operation } from '../operations/operations.controller.js';

const NewBounce = z.strictObject({ recipientId: uuid }).meta({ id: 'NewBounce' });

@ApiTags('notices')
@Controller('v1/notices/:noticeId')
export class NoticesController {
  constructor(
    private readonly source: DataSource,
    private readonly commands: CommandService,
  ) {}

  @Post('bounces')
  @HttpCode(200)
  @Allow('notices.bounce')
  @Documented({
    summary: 'Report that a notice came back',
    description: 'The window that this mail had started is void; it begins anew with another delivery.',
    answers: { 200: Operation },
  })
  async bounce(
    @CurrentCaller() caller: Caller,
    @Param('noticeId', { schema: uuid }) noticeId: string,
    @Body({ schema: NewBounce }) sent: z.output<typeof NewBounce>,
  ) {
    const claimId = await this.claimOf(noticeId);
    const settlement = await this.commands.handle({ caller, claimId, type: 'reportBounce', body: { noticeId, ...sent }, sent });
    return answer(settlement, caller.principal, () => new Answer(200, operationView(settlement.command)));
  }

  private async claimOf(noticeId: string): Promise<string> {
    const [row] = await this.source.query<{ claim_id: string }[]>('SELECT claim_id FROM notice_recipients WHERE notice_id = $1 LIMIT 1', [
      noticeId,
    ]);
    if (row === undefined) throw new Problem('not_found');
    return row.claim_id;
  }
}
