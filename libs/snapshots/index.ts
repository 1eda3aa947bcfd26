export { contentOf, SnapshotContent } from './content.js';
export { type SnapshotField, snapshotFields, type SnapshotSide, snapshotSides } from './fields.js';
export { type BrokenSnapshot, verifySnapshots } from './snapshot-log.js';
export {
  findSnapshot,
  listOpenings,
  listSnapshots,
  type Making,
  makeSnapshot,
  type OpenedSnapshot,
  openSnapshot,
  readContent,
  revokeSnapshot,
  type Snapshot,
  type SnapshotsOf,
  snapshotUrl,
} from './snapshot-store.js';
export { renderSnapshotPage } from './snapshot.page.js';
