export { canonicalJson } from './canonical-json.js';
export { appendEvents, type BrokenChain, type RecordedEvent, readEvents, toEvent, verifyChains } from './claim-events.js';
export { countPendingMigrations, createDataSource, createOwnerDataSource } from './data-source.js';
export { type DatabaseFault, databaseFaultOf } from './database-fault.js';
export { type DatabaseLimits, operatorLimits } from './database-limits.js';
export { allowLongStatements, endLongStatements, patient } from './long-statements.js';
export { prepared } from './prepared.js';
export { grantSandboxClock, openDatabase, refuseMovedClock, SandboxClockMoved } from './sandbox-clock.js';
export { probeWriting } from './write-probe.js';
