export { ClaimEngine, isTimeOut, type ClaimProcess, type EngineAssociation, type EngineClaim, type EngineImport } from './claim-engine.js';
export { connectionOptions, createClient, dataConverter } from './connect.js';
export { isForbidden, missingSearchAttributes, registerSearchAttributes } from './search-attributes.js';
export type { CodecKey } from './payload-codec.js';
