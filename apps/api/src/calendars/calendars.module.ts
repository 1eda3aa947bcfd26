import { Module } from '@nestjs/common';
import { PublicationsModule } from '../publications/publications.module.js';
import { CalendarReader } from './calendar.reader.js';
import { CalendarsController } from './calendars.controller.js';

/** Calendars of business days. */
@Module({
  imports: [PublicationsModule],
  controllers: [CalendarsController],
  providers: [CalendarReader],
})
export class CalendarsModule {}
