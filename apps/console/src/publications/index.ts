export { ChoiceControl, ChoicesControl, DateControl, FlagControl, ListControl, NumberControl, TextControl } from './controls.js';
export { useForm, useValue } from './form-context.js';
export { type Fields, isFields, type Path, valueAt } from './json.js';
export { ListSection } from './list-section.js';
export type { PublicationKind } from './publication-kind.js';
export { NextVersion } from './next-version.js';
export { useToday } from './use-today.js';
export { useVersion, useVersions } from './use-versions.js';
export { VersionsTable } from './versions-table.js';
