export { creating } from './create-row.js';
export { findingsOf, type ImportProgress, importRows, type RowWork } from './import-rows.js';
export {
  type ImportKind,
  type ImportState,
  ImportStore,
  type NewImport,
  type NewRow,
  type OpenImport,
  type RowLabels,
} from './import-store.js';
export { planUpdate, uncomparedColumns, type UpdatePlan } from './plan-update.js';
export { type SentUpdate, type UpdateAction, updateActions, type UpdateScopes } from './sent-update.js';
export { updating } from './update-row.js';
