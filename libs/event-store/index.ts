export { canonicalJson } from './canonical-json.js';
export { appendEvents, type BrokenChain, chainHash, type RecordedEvent, readEvents, toEvent, verifyChains } from './claim-events.js';
export { commandHash, type SettledCommand } from './command-chain.js';
export { countPendingMigrations, createDataSource, createOwnerDataSource } from './data-source.js';
export { prepared } from './prepared.js';
