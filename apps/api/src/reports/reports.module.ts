import { Module } from '@nestjs/common';
import { BreachesController } from './breaches.controller.js';
import { BreachReader } from './breach.reader.js';
import { CalendarCoverageController } from './calendar-coverage.controller.js';
import { CalendarCoverageReader } from './calendar-coverage.reader.js';
import { RepairReader } from './repair.reader.js';
import { RepairsController } from './repairs.controller.js';

/** Reports for the vendor: missed deadlines, calendar coverage and repairs. */
@Module({
  controllers: [BreachesController, CalendarCoverageController, RepairsController],
  providers: [BreachReader, CalendarCoverageReader, RepairReader],
})
export class ReportsModule {}
