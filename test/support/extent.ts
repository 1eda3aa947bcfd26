/**
 * How much the long tests do: what a change needs to be judged by, or with `npm run test:thorough` all that they can. Some take a number of
 * their own from the environment, which goes before both.
 */
const isThorough = process.env['CPOR_THOROUGH'] !== undefined;

export const extent = <Value>(usual: Value, thorough: Value): Value => (isThorough ? thorough : usual);

export const countOf = (variable: string, usual: number, thorough: number): number =>
  Number(process.env[variable] ?? extent(usual, thorough));
