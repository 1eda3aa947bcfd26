export { calendarReference, type CalendarVersion, type Holiday } from './calendar.js';
export { businessDayDeadline, calendarDayDeadline, type Deadline, endOfLocalDate, localDate, maximumDays } from './deadline.js';
export { type CalendarFault, type CalendarFaultCode, maximumHolidays, type ParsedCalendar, parseCalendarVersion } from './parse.js';
export { sampleCalendars } from './samples/index.js';
