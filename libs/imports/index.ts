export { findingsOf, type ImportProgress, importRows } from './import-rows.js';
export { type ImportState, ImportStore, type NewRow, type OpenImport } from './import-store.js';
