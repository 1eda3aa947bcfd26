export { findingsOf, type ImportProgress, importRows, rowCommandId } from './import-rows.js';
export { type ImportState, ImportStore, type NewRow, type OpenImport } from './import-store.js';
