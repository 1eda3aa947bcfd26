export { type DirectoryDocument, type DirectoryFault, type ParsedDirectory, parseDirectory } from './document.js';
export { normaliseDomain } from './domain-name.js';
export { type DirectoryImport, importDirectory } from './import.js';
export { PostgresDirectoryProvider } from './postgres-provider.js';
export type { DirectoryAnswer, DirectoryProvider, DirectoryQuery, TenantAdmin, TenantAnswer } from './provider.js';
export type { Queryable } from './queryable.js';
export { sampleDirectory } from './sample.js';
