export { findFault } from './fault-place.js';
export { findRepeatedKey, type RepeatedKey } from './repeated-key.js';
