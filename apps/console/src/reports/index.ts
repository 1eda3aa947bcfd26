export { DayFilter, instantsOf } from './day-filter.js';
export { ReportList } from './report-list.js';
