import { commandProblems } from './command.catalogue.js';
import type { ProblemDefinition } from './definition.js';
import { featureProblems } from './feature.catalogue.js';
import { importProblems } from './import.catalogue.js';
import { requestProblems } from './request.catalogue.js';
import { validationProblems } from './validation.catalogue.js';

const problems = { ...requestProblems, ...validationProblems, ...commandProblems, ...importProblems, ...featureProblems };

export type ProblemCode = keyof typeof problems;

/**
 * Every code the API can answer with. A code never changes; its texts may.
 *
 * **Where the texts of a code are written**
 *
 * 1. *What the code means in general*: title, cause and remedy, in English only, as one entry of a `*.catalogue.ts` file in this folder:
 *    - `request`: the HTTP request (body, headers, token, limits);
 *    - `validation`: findings on a claim (libs/claims/validation) and on an uploaded evidence file;
 *    - `command`: a command that a claim's state or the caller's part forbids (libs/claims/rules);
 *    - `import`: a file of claims or of usage, and its rows;
 *    - `feature`: everything else (evidence download, event feed, usage, legal holds, programmes, sandbox).
 * 2. *What happened this time*: `detail` of the answer, or `message` of an entry of `errors`. It is written where the code is raised:
 *    `refuse('code', '…')` in libs/claims/rules, `rule('code', …)` in libs/claims/validation, `new Problem('code', { detail })` elsewhere.
 *    Without one, `detail` is the cause of 1.
 *
 * GET /problems/{code} and docs/reference/codes.md print 1. Findings have no Russian texts: the timeline of a claim shows their English titles
 * in both languages (apps/api/src/claims/timeline-wording.ts), to reviewers and vendor staff only; customers never read a finding. What
 * partners and customers read in Russian is in libs/timeline/timeline-texts.ts, libs/notices/texts and, for reason codes, the programme.
 */
export const problemCatalogue: Readonly<Record<ProblemCode, ProblemDefinition>> = problems;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemCatalogue, code);
}
