export { referencePages } from './tables.js';
