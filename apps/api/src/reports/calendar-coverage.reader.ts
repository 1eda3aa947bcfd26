import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { zoneDataVersion } from '#libs/calendar/index.js';
import { calendarCoverage } from '#libs/publications/index.js';
import { readClock } from '#libs/event-store/index.js';

const CalendarCoverage = z
  .object({
    calendar: z.string().describe('Name and version of the calendar in force.').meta({ example: 'ru@2' }),
    zone: z.string(),
    coversFrom: z.iso.date(),
    coversThrough: z.iso.date().describe('Last date for which holidays are known.'),
    daysLeft: z.int().min(-4_000_000).max(4_000_000).describe('Days until `coversThrough`; negative once it has passed.'),
    programmes: z.array(z.string()).describe('Programmes that use the calendar.'),
    warnings: z
      .array(z.object({ code: z.string().describe('Stable; new codes may be added.'), message: z.string() }))
      .describe('Shown from 90 days before the coverage ends, or earlier if a clock is longer.'),
  })
  .meta({ id: 'CalendarCoverage' });

export const CalendarCoverageReport = z
  .object({
    zoneData: z
      .string()
      .describe('Release of the time zone data in this process; recorded with each new deadline.')
      .meta({ example: '2026a' }),
    items: z.array(CalendarCoverage),
  })
  .meta({ id: 'CalendarCoverageReport' });

/** Reports how far ahead the calendars cover holidays. */
@Injectable()
export class CalendarCoverageReader {
  constructor(private readonly source: DataSource) {}

  async report(): Promise<z.output<typeof CalendarCoverageReport>> {
    const today = (await readClock(this.source)).slice(0, 10);
    return { zoneData: zoneDataVersion, items: await calendarCoverage(this.source, today) };
  }
}
