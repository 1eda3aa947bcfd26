export { canonicalJson } from './canonical-json.js';
export { appendEvents, type BrokenChain, type RecordedEvent, readEvents, toEvent, verifyChains } from './claim-events.js';
export { countPendingMigrations, createDataSource, createOwnerDataSource } from './data-source.js';
export { prepared } from './prepared.js';
