export { findRepeatedKey, type RepeatedKey } from './repeated-key.js';
