import { endProcess } from '#libs/embedded/index.js';
import { buildTemporalServer } from '../../support/temporal-server.js';
import { readOptions } from './options.js';
import { isPassed, type RunResult, runSeed } from './run.js';

/**
 * Plays random lives of claims while the product's processes, servers and connections fail, and compares everything with a model:
 *
 *     npm run chaos -- [--seed 7] [--seeds 20] [--claims 200] [--faults all|none|name,name]
 *         [--temporal development|production] [--persistence-faults 0.02]
 *
 * Prints one JSON line for each seed and a table at the end. Ends with 1 if anything was lost, done twice, wrong or early.
 */
const options = optionsOf();
if (options.temporal === 'production' && !(await buildTemporalServer())) await endProcess(1);

/** Ends with a sentence if the command line is wrong. */
function optionsOf() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());

const results: RunResult[] = [];
for (let { seed } = options; seed < options.seed + options.seeds; seed++) {
  const result = await runSeed({ ...options, seed, signal: ending.signal });
  results.push(result);
  console.log(JSON.stringify(result));
  if (!isPassed(result)) {
    console.log(
      `Seed ${seed} failed; its folder is ${result.folder}. Run it again with --seed ${seed} --seeds 1 and the other options of now.`,
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
