import { actionProblems } from './action.catalogue.js';
import type { ProblemDefinition } from './definition.js';
import { importProblems } from './import.catalogue.js';
import { transportProblems } from './transport.catalogue.js';
import { validationProblems } from './validation.catalogue.js';

const problems = { ...transportProblems, ...validationProblems, ...actionProblems, ...importProblems };

export type ProblemCode = keyof typeof problems;

/** Every code the API can answer with. Codes are stable for ever; a text may be improved. */
export const problemCatalogue: Readonly<Record<ProblemCode, ProblemDefinition>> = problems;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemCatalogue, code);
}
