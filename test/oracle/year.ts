import { parseArgs } from 'node:util';
import { startProduct } from '../support/product.js';
import { Oracle, releaseFault } from './oracle.js';
import { YearLaws } from './year-laws.js';
import { planClaims, planProgrammes } from './year-plan.js';
import { YearPlayer } from './year-player.js';

/**
 * Plays a year of claims on the running product by the sandbox's clock, and recomputes every recorded deadline with the oracle:
 *
 *     npm run year -- [--claims 200] [--seed 1] [--from 2027-01-01] [--step-hours 8]
 */
const { values: flags } = parseArgs({
  options: {
    claims: { type: 'string', default: '200' },
    seed: { type: 'string' },
    from: { type: 'string', default: '2027-01-01' },
    'step-hours': { type: 'string', default: '8' },
  },
});
const count = Number(flags.claims);
const seed = Number(flags.seed ?? Math.floor(Math.random() * 2 ** 31));
const beginsAt = Date.parse(`${flags.from}T12:00:00Z`);
const shown = 10;

async function main(): Promise<number> {
  const oracle = await Oracle.start();
  const fault = releaseFault(oracle.versions);
  if (fault !== null) throw new Error(fault);
  const programmes = planProgrammes(seed, beginsAt);
  const claims = planClaims(seed, count, programmes);
  console.log(`${count} claims of a year from ${flags.from}, in ${programmes.length} programmes. Seed ${seed}.`);
  const began = performance.now();
  const minutes = () => ((performance.now() - began) / 60_000).toFixed(1);
  const product = await startProduct();
  try {
    const player = new YearPlayer(product, Number(flags['step-hours']) * 3_600_000, randomOf(seed));
    await player.publish(programmes, beginsAt);
    await player.play(claims, (filed) => console.log(`${filed} claims filed, ${player.moves} moves of the clock, ${minutes()} min.`));
    console.log(`The year is over after ${player.moves} moves of the clock, ${minutes()} min. Refused: ${tableOf(player.refusals)}.`);
    const laws = new YearLaws(oracle, programmes);
    await laws.check(product.source, player.claimIds);
    console.log(
      [...laws.counts]
        .sort()
        .map(([what, times]) => `${what}: ${times.toLocaleString('en')}`)
        .join('\n'),
    );
    for (const each of laws.faults.slice(0, shown)) console.log(each);
    console.log(`${laws.faults.length} faults, ${minutes()} min.`);
    return laws.faults.length === 0 ? 0 : 1;
  } finally {
    oracle.close();
    await product.close();
  }
}

const tableOf = (counts: Map<string, number>) => [...counts].map(([what, times]) => `${what} ${times}`).join(', ') || 'nothing';

/** Returns a generator of numbers from 0 to 1 (mulberry32), the same ones for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

process.exitCode = await main();
