export { exportContact, type ExportedItem, type ExportedPerson, exportedTypes } from './contact-export.js';
export { eraseDue } from './due-erasure.js';
export { erasedLabel } from './erased-label.js';
export type { ErasureOptions, ErasureReport, KeptItem, KeptReason } from './erasure.js';
export { type HoldOutcome, type HoldRequest, type LegalHold, listHolds, placeHold, releaseHold } from './legal-holds.js';
export { type ErasedPerson, erasePerson } from './person-erasure.js';
export { type PersonalPlace, personalPlaces } from './personal-places.js';
