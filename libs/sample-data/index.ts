export { loadSampleData } from './load-sample-data.js';
export { statementOfWork } from './statement-of-work.js';
