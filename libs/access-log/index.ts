export {
  type Access,
  type AccessFilter,
  type BrokenLog,
  type CustomerAccess,
  type ExportEntry,
  listAccesses,
  listExports,
  recordAccesses,
  verifyAccessLogs,
} from './access-log.js';
export { type ListedRefusal, listRefusals, recordRefusal, type Refusal } from './refusals.js';
