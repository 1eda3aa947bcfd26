export { isProblemCode, type ProblemCode, problemCatalogue } from './catalogue.js';
export type { ProblemDefinition, ProblemKind } from './definition.js';
export { placeOfField, Problem, type ProblemError, type ProblemJson, type ProblemOptions, problemType, toProblemJson } from './problem.js';
