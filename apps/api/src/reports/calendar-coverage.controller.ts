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
    summary: 'Report the coverage of calendars',
    description:
      'Every calendar in force, with warnings. A deadline beyond the covered dates is computed without the unknown holidays, is marked as such, and is never recomputed.',
    answers: { 200: CalendarCoverageReport },
  })
  report() {
    return this.reader.report();
  }
}
