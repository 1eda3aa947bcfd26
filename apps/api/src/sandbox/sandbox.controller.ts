import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { can, type Principal } from '#libs/auth/index.js';
import { Allow, CurrentPrincipal } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { offsetInstant } from '../http/text.schema.js';
import { durationMs } from './duration.js';
import { SandboxService } from './sandbox.service.js';

const Clock = z
  .object({
    now: z.iso.datetime(),
    aheadSeconds: z.int().min(-1_000_000_000_000).max(1_000_000_000_000).describe('How far it is ahead of real time.'),
    nextDeadlineAt: z.iso
      .datetime()
      .nullable()
      .describe('The next deadline of any claim; null if there is none, and for those who may not advance the clock.'),
  })
  .meta({ id: 'SandboxClock' });

const ClockAdvance = z
  .union([
    z.strictObject({
      by: z.string().max(40).transform(durationMs).describe('ISO 8601 duration in weeks, days, hours, minutes and seconds.'),
    }),
    z.strictObject({ to: offsetInstant }),
  ])
  .meta({ id: 'ClockAdvance', example: { by: 'P7D' } });

const ClockMoved = z.object({ now: z.iso.datetime(), movedClaims: z.int().min(0).max(10_000_000) }).meta({ id: 'ClockMoved' });
const SampleData = z.object({ policies: z.int().min(0).max(1000), calendars: z.int().min(0).max(1000) }).meta({ id: 'SampleData' });

/** Exists in sandbox mode only. */
@ApiTags('sandbox')
@Controller('v1/sandbox')
export class SandboxController {
  constructor(private readonly sandbox: SandboxService) {}

  @Get('clock')
  @Allow('sandbox.read')
  @Documented({ summary: "Read the product's time", description: 'The clock that decides every deadline.', answers: { 200: Clock } })
  async clock(@CurrentPrincipal() principal: Principal) {
    const { nextDeadlineAt, ...clock } = await this.sandbox.clock();
    return { ...clock, nextDeadlineAt: can(principal, 'sandbox.advance') ? nextDeadlineAt : null };
  }

  @Post('clock/advances')
  @HttpCode(200)
  @Allow('sandbox.advance')
  @Documented({
    summary: 'Advance the clock',
    description: 'Fires the timers of every claim whose deadline has come. The clock never moves backwards, unless there are no claims.',
    answers: { 200: ClockMoved },
    problems: [409],
  })
  advance(@Body({ schema: ClockAdvance }) body: z.output<typeof ClockAdvance>) {
    return this.sandbox.advance(body);
  }

  @Post('sample-data')
  @HttpCode(200)
  @Allow('sandbox.advance')
  @Documented({
    summary: 'Load the sample data',
    description: 'Programmes, calendars and the customer directory. Existing data stays.',
    answers: { 200: SampleData },
  })
  load() {
    return this.sandbox.loadSamples();
  }
}
