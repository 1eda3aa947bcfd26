export { canonicalJson } from './canonical-json.js';
export { appendEvents, type BrokenChain, type RecordedEvent, readEvents, toEvent, verifyChains } from './claim-events.js';
export { PreparedStatements } from './prepared-statements.js';
export { countPendingMigrations, createDataSource, createOwnerDataSource } from './data-source.js';
