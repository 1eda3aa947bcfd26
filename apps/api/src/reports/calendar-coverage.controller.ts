import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { CalendarCoverageReader, CalendarCoverageReport } from './calendar-coverage.reader.js';

@ApiTags('reports')
@Controller('v1/reports/calendar-coverage')
export class CalendarCoverageController {
  constructor(private readonly reader: CalendarCoverageReader) {}

  @Get()
  @Allow('reports.calendars')
  @Documented({
    summary: 'Tell how far the calendars reach',
    description:
      'Every calendar in force, and what is due: a deadline beyond the dates that its calendar covers is counted without their holidays, marked for everybody who reads it, and never recomputed.',
    answers: { 200: CalendarCoverageReport },
  })
  report() {
    return this.reader.report();
  }
}
