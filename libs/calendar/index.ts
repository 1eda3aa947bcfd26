export { calendarReference, type CalendarVersion, compareDates, type Holiday } from './calendar.js';
export { type CoverageWarning, coverageWarnings, daysCovered, outruns } from './coverage.js';
export { businessDayDeadline, calendarDayDeadline, type Deadline, endOfLocalDate, localDate, maximumDays } from './deadline.js';
export { daysLeft, type SkippedDay, skippedDays } from './explanation.js';
export { type CalendarFault, type CalendarFaultCode, maximumHolidays, type ParsedCalendar, parseCalendarVersion } from './parse.js';
export { reminderOf } from './reminder.js';
export { zoneDataVersion } from './zone-data.js';
export { sampleCalendars } from './samples/index.js';
