import { parseArgs, isDeepStrictEqual } from 'node:util';
import { Oracle, type OracleAnswer, type OracleCalendar, type OracleCase, type OracleQuestion, releaseFault } from './oracle.js';
import { productAnswers } from './product-answers.js';
import { type Kind, questionsOf } from './questions.js';
import { type Sample, writeSample } from './sample.js';

/**
 * Compares the calendar of the product with an oracle in Python, and prints what differs:
 *
 *     npm run oracle -- [--cases 1000000] [--seed 1]
 *     npm run oracle -- --sample [--seed 1]     also keeps 2,000 cases with the oracle's answers for npm test
 */
const { values: flags } = parseArgs({
  options: { cases: { type: 'string' }, seed: { type: 'string' }, sample: { type: 'boolean', default: false } },
});
const seed = Number(flags.seed ?? (flags.sample ? 1 : Math.floor(Math.random() * 2 ** 31)));
const wanted = Number(flags.cases ?? (flags.sample ? 2_000 : 1_000_000));
/** A sample has few cases for each calendar, so that it has many calendars and zones. */
const casesEach = flags.sample ? 4 : 20;
/** How many questions the oracle may be behind: enough to keep both sides busy. */
const ahead = 64;
const shown = 10;
const reportEvery = 100_000;

interface Asked extends OracleQuestion {
  kind: Kind;
  ours: OracleAnswer[];
}

interface Difference {
  calendar: OracleCalendar;
  asked: OracleCase;
  product: OracleAnswer;
  oracle: OracleAnswer;
}

async function main(): Promise<number> {
  const oracle = await Oracle.start();
  const { versions } = oracle;
  const { node, tz } = process.versions;
  console.log(`Product: Node.js v${node}, time zone data ${tz}.`);
  console.log(`Oracle: Python ${versions.python}, numpy ${versions.numpy}, time zone data ${versions.tzdata}.`);
  const fault = releaseFault(versions);
  if (fault !== null) {
    console.error(fault);
    oracle.close();
    return 2;
  }
  const zones = await oracle.zones();
  const known = Object.fromEntries(Object.entries(zones).filter(([zone]) => isKnownToNode(zone)));
  reportZones(Object.keys(zones), Object.keys(known));
  console.log(`Seed ${seed}, ${wanted.toLocaleString('en')} cases; the same seed draws the same cases.`);

  const began = performance.now();
  const comparison = new Comparison();
  const open: Asked[] = [];
  const settle = async () => comparison.take(open.shift()!, await oracle.answers());
  for (const question of questionsOf(seed, known, casesEach)) {
    if (comparison.cases + open.length * casesEach >= wanted) break;
    await oracle.ask({ calendar: question.calendar, cases: question.cases });
    open.push({ ...question, ours: productAnswers(question) });
    if (open.length >= ahead) await settle();
  }
  while (open.length > 0) await settle();
  oracle.close();
  comparison.report((performance.now() - began) / 1000);
  if (flags.sample) writeSample({ tzdata: versions.tzdata, seed, questions: comparison.sample });
  return comparison.differences === 0 ? 0 : 1;
}

function isKnownToNode(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function reportZones(all: string[], known: string[]): void {
  const unknown = all.filter((zone) => !known.includes(zone));
  const missing = Intl.supportedValuesOf('timeZone').filter((zone) => !all.includes(zone));
  console.log(
    `${known.length} zones; only the oracle has ${unknown.join(', ') || 'none more'}; only Node has ${missing.join(', ') || 'none more'}.`,
  );
}

/** Counts cases, and keeps the first differences. */
class Comparison {
  cases = 0;
  differences = 0;
  readonly sample: Sample['questions'] = [];
  private readonly first: Difference[] = [];
  private readonly byKind = new Map<Kind, number>();
  private readonly zones = new Set<string>();

  take({ kind, calendar, cases, ours }: Asked, answers: OracleAnswer[]): void {
    for (const [index, asked] of cases.entries()) {
      const [product, oracle] = [ours[index]!, answers[index]!];
      if (isDeepStrictEqual(product, oracle)) continue;
      this.differences++;
      if (this.first.length < shown) this.first.push({ calendar, asked, product, oracle });
    }
    const before = Math.floor(this.cases / reportEvery);
    this.cases += cases.length;
    if (Math.floor(this.cases / reportEvery) > before)
      console.log(`${this.cases.toLocaleString('en')} cases: ${this.differences} differences.`);
    this.byKind.set(kind, (this.byKind.get(kind) ?? 0) + cases.length);
    this.zones.add(calendar.zone);
    if (flags.sample) this.sample.push({ kind, calendar, cases, answers });
  }

  report(seconds: number): void {
    for (const difference of this.first) console.log(JSON.stringify(difference, null, 2));
    const counts = [...this.byKind].map(([kind, count]) => `${kind} ${count.toLocaleString('en')}`).join(', ');
    console.log(`Compared: ${counts}; in ${this.zones.size} zones.`);
    console.log(`${this.differences} differences in ${this.cases.toLocaleString('en')} cases, ${seconds.toFixed(0)} s.`);
  }
}

process.exitCode = await main();
