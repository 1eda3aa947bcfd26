import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answerWithOperation } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import { Operation } from '../operations/operation.view.js';
import { NoticeReader } from './notice.reader.js';

const NewBounce = z
  .strictObject({ recipientId: uuid })
  .meta({ id: 'NewBounce', example: { recipientId: '0199f3a1-6a7e-4f2c-9d57-0c6f6f0f3b11' } });

@ApiTags('notices')
@Controller('v1/notices/:noticeId')
export class NoticesController {
  constructor(
    private readonly notices: NoticeReader,
    private readonly commands: CommandService,
  ) {}

  @Post('bounces')
  @HttpCode(200)
  @Allow('notices.bounce')
  @Documented({
    summary: 'Report that a notice bounced',
    description: 'The window started by this mail becomes void and restarts with the next delivery.',
    answers: { 200: Operation },
  })
  async bounce(
    @CurrentCaller() caller: Caller,
    @Param('noticeId', { schema: uuid }) noticeId: string,
    @Body({ schema: NewBounce }) sent: z.output<typeof NewBounce>,
  ) {
    const claimId = await this.notices.claimOf(noticeId);
    return answerWithOperation(
      await this.commands.handle({ caller, claimId, type: 'reportBounce', body: { noticeId, ...sent }, sent }),
      caller.principal,
    );
  }
}
