import { Module } from '@nestjs/common';
import { BreachesController } from './breaches.controller.js';
import { BreachReader } from './breach.reader.js';
import { CalendarCoverageController } from './calendar-coverage.controller.js';
import { CalendarCoverageReader } from './calendar-coverage.reader.js';

/** Reports for the vendor: missed deadlines and calendar coverage. */
@Module({
  controllers: [BreachesController, CalendarCoverageController],
  providers: [BreachReader, CalendarCoverageReader],
})
export class ReportsModule {}
