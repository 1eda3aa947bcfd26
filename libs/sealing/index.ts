export { SealingKeys } from './sealing-keys.js';
