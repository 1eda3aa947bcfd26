/**
 * How much the long tests do: enough to judge a change, or everything with `npm run test:thorough`. Some read a number from the environment,
 * which takes precedence.
 */
const isThorough = process.env['CPOR_THOROUGH'] !== undefined;

export const extent = <Value>(usual: Value, thorough: Value): Value => (isThorough ? thorough : usual);

export const countOf = (variable: string, usual: number, thorough: number): number =>
  Number(process.env[variable] ?? extent(usual, thorough));
