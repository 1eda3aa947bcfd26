export { referencePages } from './tables.js';
export { leadsTo } from './transitions.js';
