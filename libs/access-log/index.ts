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
