export { isTimeOut } from './call-faults.js';
export { ClaimEngine } from './claim-engine.js';
export type { ClaimProcess } from './claim-process.js';
export { connectionOptions, createClient, dataConverter } from './connect.js';
export { isPolled } from './pollers.js';
export { isForbidden, missingSearchAttributes, registerSearchAttributes } from './search-attributes.js';
export type { CodecKey } from './payload-codec.js';
export type { EngineAssociation, EngineClaim, EngineImport } from './start-options.js';
