/**
 * Use these where a test can run for a short or a long time: by default enough to judge a change, with `npm run test:thorough` everything.
 * A number in the environment variable of `countOf` takes precedence.
 */
const isThorough = process.env['CPOR_THOROUGH'] !== undefined;

export const extent = <Value>(usual: Value, thorough: Value): Value => (isThorough ? thorough : usual);

export const countOf = (variable: string, usual: number, thorough: number): number =>
  Number(process.env[variable] ?? extent(usual, thorough));

/** Options of a fuzz test: the same cases in every run of `npm test`, so that a change is to blame for a failure, and new ones in a thorough run. */
export const fuzzing = (usual: number, thorough: number): { numRuns: number; seed?: number } =>
  isThorough ? { numRuns: thorough } : { numRuns: usual, seed: 20_261_130 };
