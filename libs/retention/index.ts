export { eraseDue } from './erase-due.js';
export { type ErasedPerson, erasePerson } from './erase-person.js';
export { erasedLabel } from './erased-label.js';
export type { ErasureOptions, ErasureReport, KeptItem, KeptReason } from './erasure-report.js';
export { exportContact, type ExportedPerson } from './export-contact.js';
export { type ExportedItem, exportedTypes } from './exported-item.js';
export { type HoldOutcome, type HoldRequest, type LegalHold, listHolds, placeHold, releaseHold } from './legal-holds.js';
export { type PersonalPlace, personalPlaces } from './personal-places.js';
