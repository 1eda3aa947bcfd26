export { loadSampleData } from './load-sample-data.js';
export { samplePeople, type SamplePerson, samplePersonOf } from './people.js';
export { statementOfWork } from './statement-of-work.js';
