/** The benchmark for each flag; the default is plain claims. */
const benches: Record<string, string> = {
  '--fairness': './fairness.bench.js',
  '--storm': './storm.bench.js',
  '--usage': './usage.bench.js',
  '--long-claims': './long-claims.bench.js',
  '--waiting': './waiting.bench.js',
  '--processes': './processes.bench.js',
};
const [, file] = Object.entries(benches).find(([flag]) => process.argv.some((argument) => argument.split('=')[0] === flag)) ?? [];

await import(file ?? './claims.bench.js');
