export { partnersOf } from './claim-partners.js';
export { type DirectoryDocument, type DirectoryFault, type ParsedDirectory, parseDirectory } from './built-in/directory-document.js';
export { createDirectory, type DirectoryChoice } from './create-directory.js';
export { type HttpDirectoryLimits, HttpDirectoryProvider } from './http/http-provider.js';
export { type DirectoryImport, importDirectory } from './built-in/import-directory.js';
export { type DirectoryTableFile, type FileReport, importTables, type TableImport } from './built-in/import-tables.js';
export type { TableFault } from './built-in/read-table.js';
export { type ImportedTable, importedTables, type ProductName } from './built-in/table-columns.js';
export type { TableChanges } from './built-in/write-directory.js';
export { directoryOpenApi } from './http/open-api.js';
export { PostgresDirectoryProvider } from './built-in/postgres-provider.js';
export type {
  AccountLocations,
  DirectoryAnswer,
  DirectoryProvider,
  DirectoryQuery,
  TenantAdmin,
  TenantAnswer,
} from './directory-provider.js';
export type { Queryable } from './queryable.js';
export { sampleDirectory } from './sample-directory.js';
export { DirectoryUnavailable } from './directory-unavailable.js';
