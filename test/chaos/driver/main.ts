import { parseArgs } from 'node:util';
import { endProcess } from '#libs/embedded/index.js';
import { type FaultName, faultNames } from './faults.js';
import { isPassed, type RunResult, runSeed } from './run.js';

/**
 * Plays random lives of claims while the product's processes, servers and connections fail, and compares everything with a model:
 *
 *     npm run chaos -- [--seed 7] [--seeds 20] [--claims 200] [--faults all|none|name,name]
 *
 * Prints one JSON line for each seed and a table at the end. Ends with 1 if anything was lost, done twice, wrong or early.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '20' },
    claims: { type: 'string', default: '200' },
    faults: { type: 'string', default: 'all' },
  },
});
const first = Number(values.seed);
const seeds =
  process.argv.some((argument) => argument.startsWith('--seed=') || argument === '--seed') && values.seeds === '20'
    ? 1
    : Number(values.seeds);
const claims = Number(values.claims);
const chosen = namesOf(values.faults);

function namesOf(text: string): FaultName[] {
  if (text === 'all') return [...faultNames];
  if (text === 'none') return [];
  const unknown = text.split(',').filter((name) => !faultNames.includes(name as never));
  if (unknown.length > 0) throw new Error(`Unknown fault ${unknown.join(', ')}. The faults are: ${faultNames.join(', ')}.`);
  return text.split(',') as FaultName[];
}

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());

const results: RunResult[] = [];
for (let seed = first; seed < first + seeds; seed++) {
  const result = await runSeed({ seed, claims, faults: chosen, signal: ending.signal });
  results.push(result);
  console.log(JSON.stringify(result));
  if (!isPassed(result)) {
    console.log(
      `Seed ${seed} failed; its folder is ${result.folder}. Run it again: npm run chaos -- --seed ${seed} --claims ${claims} --faults ${values.faults}`,
    );
  }
}

const columns = [
  'seed',
  'claims',
  'commands',
  'retries',
  'lost',
  'twice',
  'wrong',
  'early',
  'mails',
  'mailsDoubled',
  'optOutOutageMs',
  'seconds',
] as const;
console.table(results.map((result) => Object.fromEntries(columns.map((column) => [column, result[column]]))));
await endProcess(results.every(isPassed) ? 0 : 1);
