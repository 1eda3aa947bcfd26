import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { Answer } from '../http/answer.js';
import { Documented } from '../http/documentation.js';
import { CalendarService } from './calendar.service.js';

const version = z.int().min(1).max(100_000);

const fields = {
  name: z.string().meta({ example: 'ru' }),
  version,
  effectiveFrom: z.iso.date().describe('From which date deadlines are computed by it; recorded ones never move.'),
  zone: z.string().describe('IANA time zone.').meta({ example: 'Europe/Moscow' }),
  weekend: z.array(z.int().min(1).max(7)).describe('ISO weekdays, 1 for Monday.'),
  holidays: z.array(z.object({ on: z.iso.date(), name: z.string() })),
  coversFrom: z.iso.date(),
  coversThrough: z.iso.date(),
  source: z.string().describe('Where the holidays come from.'),
};

export const Calendar = z.object(fields).meta({ id: 'Calendar' });
const CalendarList = z.object({ items: z.array(Calendar), next: z.string().nullable() }).meta({ id: 'CalendarList' });

/** The library reads the calendar itself, and reports every fault of it at once. */
const NewCalendar = z.looseObject({ effectiveFrom: z.iso.date() });
export type NewCalendar = z.output<typeof NewCalendar>;

@ApiTags('calendars')
@Controller('v1/calendars')
export class CalendarsController {
  constructor(private readonly calendars: CalendarService) {}

  @Get()
  @Allow('calendars.read')
  @Documented({ summary: 'List the calendars', description: 'Every version, the newest of each first.', answers: { 200: CalendarList } })
  list() {
    return this.calendars.list();
  }

  @Post()
  @Allow('calendars.write')
  @ApiBody({ schema: { $ref: '#/components/schemas/Calendar' } })
  @Documented({
    summary: 'Publish a version of a calendar',
    description: 'A published version never changes; deadlines that were recorded keep the version they were computed by.',
    answers: { 201: Calendar },
  })
  async publish(@CurrentCaller() _caller: Caller, @Body({ schema: NewCalendar }) body: NewCalendar) {
    return new Answer(201, await this.calendars.publish(body));
  }
}
