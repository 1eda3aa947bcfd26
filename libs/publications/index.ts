export { calendarKind, type PublishedCalendar } from './calendar.kind.js';
export { calendarCoverage, type CalendarCoverage } from './coverage.js';
export { type Change, changesBetween } from './changes.js';
export { parseYaml, type ParsedText, toYaml } from './document.js';
export type { Document, Fault } from './judge.js';
export { programmeKind } from './programme.kind.js';
export { type Kind, publish, type PublicationOutcome, type PublicationReport, type PublicationRequest } from './publish.js';
export { addVersion, type Published, publishedVersions, type Versioned, withdrawVersion } from './published.js';
