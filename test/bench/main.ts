/** Which measurement a flag asks for; without one, that of plain claims. */
const benches: Record<string, string> = { '--fairness': './fairness.bench.js', '--storm': './storm.bench.js' };
const [, file] = Object.entries(benches).find(([flag]) => process.argv.some((one) => one.split('=')[0] === flag)) ?? [];

await import(file ?? './claims.bench.js');
