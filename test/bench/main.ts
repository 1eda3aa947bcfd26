/** The benchmark for each flag; the default is plain claims. */
const benches: Record<string, string> = {
  '--fairness': './fairness.bench.js',
  '--storm': './storm.bench.js',
  '--usage': './usage.bench.js',
  '--long-claims': './long-claims.bench.js',
  '--waiting': './waiting.bench.js',
  '--processes': './processes.bench.js',
  '--flood': './flood.bench.js',
  '--webhooks': './webhooks.bench.js',
};
const [, file] = Object.entries(benches).find(([flag]) => process.argv.some((argument) => argument.split('=')[0] === flag)) ?? [];

// Callers of a benchmark stand for many; --flood measures the limits.
if (file !== './flood.bench.js') process.env['CPOR_RATE_LIMITS'] ??= 'off';

await import(file ?? './claims.bench.js');
