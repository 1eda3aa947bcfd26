export { calendarType } from './calendar-document.js';
export { calendarCoverage, type CalendarCoverage } from './calendar-coverage.js';
export { claimEffects, type ClaimEffects } from './claim-effects/claim-effects.js';
export { type Change, changesBetween } from './changes.js';
export type { Document, DocumentType, Fault, PublishedCalendar } from './document-type.js';
export { programmeType } from './programme-document.js';
export { publish, type PublicationOutcome, type PublicationReport, type PublicationRequest } from './publish.js';
export { addVersion, type Published, publishedVersions, type Versioned, withdrawVersion } from './published-versions.js';
export { parseYaml, type ParsedText, toYaml } from './yaml.js';
