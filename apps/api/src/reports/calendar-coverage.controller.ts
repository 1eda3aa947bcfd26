import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { zoneDataVersion } from '#libs/calendar/index.js';
import { calendarCoverage } from '#libs/publications/index.js';
import { readClock } from '#libs/sandbox/index.js';
import { Allow } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';

const CalendarCoverage = z
  .object({
    calendar: z.string().describe('Name and version of the calendar in force.').meta({ example: 'ru@2' }),
    zone: z.string(),
    coversFrom: z.iso.date(),
    coversThrough: z.iso.date().describe('The last date whose holidays are known.'),
    daysLeft: z.int().min(-4_000_000).max(4_000_000).describe('Days to that date; negative once it is past.'),
    programmes: z.array(z.string()).describe('Programmes that count by it.'),
    warnings: z
      .array(z.object({ code: z.string().describe('Stable; an open list.'), message: z.string() }))
      .describe('From 90 days before the coverage ends, or earlier where a clock is longer.'),
  })
  .meta({ id: 'CalendarCoverage' });

const CalendarCoverageReport = z
  .object({
    zoneData: z
      .string()
      .describe('Release of the time zone data of this process, which each new deadline records.')
      .meta({ example: '2026a' }),
    items: z.array(CalendarCoverage),
  })
  .meta({ id: 'CalendarCoverageReport' });

@ApiTags('reports')
@Controller('v1/reports/calendar-coverage')
export class CalendarCoverageController {
  constructor(private readonly source: DataSource) {}

  @Get()
  @Allow('reports.calendars')
  @Documented({
    summary: 'Tell how far the calendars reach',
    description:
      'Every calendar in force, and what is due: a deadline beyond the dates that its calendar covers is counted without their holidays, marked for everybody who reads it, and never recomputed.',
    answers: { 200: CalendarCoverageReport },
  })
  async report() {
    const today = (await readClock(this.source)).slice(0, 10);
    return { zoneData: zoneDataVersion, items: await calendarCoverage(this.source, today) };
  }
}
