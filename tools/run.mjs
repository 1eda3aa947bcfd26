import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { argv, exit, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';
import { SetupFault } from './setup/fault.mjs';
import { nodeBinary, nodeEnvironment } from './setup/node.mjs';
import { distFolder, root } from './setup/paths.mjs';
import { needs, runTool, setUp } from './setup.mjs';

/**
 * What `--mocha all` runs, side by side: most tests wait for servers more than they compute. Each lane is a process with servers of its own.
 * Tiers that are named nowhere here (chaos) are started by name.
 */
const lanes = [
  ['unit', 'property', 'replay', 'database', 'setup', 'web'],
  ['workflow', 'api', 'story'],
];
/** Tiers that need neither a Temporal server nor the workflow bundle. */
const unitTiers = ['unit', 'property'];
/** Folders of `test/` that are no tier. */
const sharedFolders = ['bench', 'contract', 'histories', 'support'];
const testTimeoutMs = 20_000;
/** Days on which date arithmetic goes wrong if it can, and zones on either side of UTC's day. */
const days = [
  { now: '2026-11-29T12:00:00Z', zone: 'UTC' },
  { now: '2027-01-31T03:00:00Z', zone: 'America/Los_Angeles' },
  { now: '2028-02-28T12:00:00Z', zone: 'Pacific/Auckland' },
  { now: '2028-02-29T12:00:00Z', zone: 'Pacific/Auckland' },
  { now: '2027-12-31T23:55:00Z', zone: 'UTC' },
  { now: '2027-03-14T06:58:00Z', zone: 'America/New_York' },
  { now: '2027-11-07T05:58:00Z', zone: 'America/New_York' },
  { now: '2027-06-30T11:58:00Z', zone: 'Pacific/Auckland' },
];
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** Set-up has no child to hand a signal to; it ends, and what it left half done is dropped by the next. */
const endSetup = () => exit(130);

async function main() {
  const [first, ...rest] = argv.slice(2);
  for (const signal of signals) process.on(signal, endSetup);
  if (first === '--mocha') return runTests(rest);
  if (first === '--contract') return runContract(rest);
  if (first === '--days') return runDays(rest);
  if (!first)
    throw new SetupFault(
      'Usage: node tools/run.mjs <compiled file> [arguments] | --mocha <tiers> [mocha options] | --days [YYYY-MM-DD ...] | --contract',
    );
  await setUp(needs.everything, { isQuiet: true });
  if (!existsSync(join(root, first))) throw new SetupFault(`${first} is not there: its source is missing.`);
  return runNode([join(root, first), ...rest]);
}

/** Holds the running product against its contract. @param {string[]} args */
async function runContract(args) {
  await setUp(needs.contract, { isQuiet: true });
  return runNode([join(root, 'dist/test/contract/main.js'), ...args]);
}

/** @param {string[]} args */
async function runTests([wanted = 'all', ...options]) {
  const mochaOptions = options.filter((option) => option !== '--thorough');
  if (options.length > mochaOptions.length) process.env.CPOR_THOROUGH = '1';
  const named = wanted.split(',');
  const needsUnits = named.every((tier) => unitTiers.includes(tier));
  await setUp(needsUnits ? needs.units : needs.everything, { isQuiet: true });
  const { CPOR_TEST_NOW: now } = process.env;
  const clock = now === undefined ? {} : clockAt(now);
  if (wanted === 'all')
    return runLanes(lanes.map((tiers) => ({ title: tiers.join(', '), args: mochaArguments(tiers, mochaOptions), env: clock })));
  const known = readdirSync(join(root, 'test')).filter((name) => existsSync(join(root, 'test', name)) && !sharedFolders.includes(name));
  const missing = named.filter((tier) => !known.includes(tier));
  if (missing.length > 0) throw new SetupFault(`There is no test tier "${missing.join('", "')}"; there are: ${known.join(', ')}.`);
  return runNode(mochaArguments(named, mochaOptions), { env: clock });
}

/**
 * @param {string[]} tiers
 * @param {string[]} options
 */
const mochaArguments = (tiers, options) => [
  join(root, 'node_modules/mocha/bin/mocha.js'),
  '--no-config',
  '--timeout',
  String(testTimeoutMs),
  ...tiers.map((tier) => `dist/test/${tier}/**/*.test.js`),
  ...options,
];

/**
 * Runs the tiers that need no Temporal as if it were each of these days, with fewer random stories than a usual run plays.
 * @param {string[]} wanted
 */
async function runDays(wanted) {
  await setUp(needs.everything, { isQuiet: true });
  const chosen = wanted.length === 0 ? days : days.filter(({ now }) => wanted.some((day) => now.startsWith(day)));
  if (chosen.length === 0) throw new SetupFault(`There is no such day; there are: ${days.map(({ now }) => now.slice(0, 10)).join(', ')}.`);
  const fewer = { CPOR_MARKETS: '5', CPOR_WINDOWS: '40' };
  const args = mochaArguments(['unit', 'property', 'database'], ['--reporter', 'dot']);
  return runLanes(chosen.map(({ now, zone }) => ({ title: `${now} in ${zone}`, args, env: { ...clockAt(now), TZ: zone, ...fewer } })));
}

/** @typedef {{ title: string, args: string[], env: Record<string, string> }} Lane a mocha process */

/** How many lanes run at a time. */
const lanesAtOnce = 2;

/**
 * Runs lanes side by side and shows them one after the other: the first as it goes, the next once it is over.
 * @param {Lane[]} lanes
 */
async function runLanes(lanes) {
  const began = Date.now();
  const printer = new LanePrinter(lanes.map(({ title }) => title));
  const waiting = [...lanes.entries()];
  let worst = 0;
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [lane, { args, env }] = next;
      const code = await runNode([...args, stdout.isTTY ? '--color' : '--no-color'], {
        env,
        onOutput: (output) => printer.take(lane, output),
      });
      printer.end(lane);
      worst = Math.max(worst, code);
    }
  };
  await Promise.all(Array.from({ length: lanesAtOnce }, work));
  const seconds = Math.round((Date.now() - began) / 1000);
  stdout.write(printer.failures());
  stdout.write(
    `${printer.count('passing')} passed, ${printer.count('failing')} failed in ${Math.floor(seconds / 60)} min ${seconds % 60} s\n`,
  );
  return worst;
}

/** Shows several outputs, each whole, in the order of their lanes. */
class LanePrinter {
  /** @param {string[]} titles */
  constructor(titles) {
    this.titles = titles;
    this.said = titles.map((title) => `\n── ${title}\n`);
    this.hasEnded = titles.map(() => false);
    this.shown = 0;
    stdout.write(this.said[0] ?? '');
  }

  /**
   * @param {number} lane
   * @param {string} output
   */
  take(lane, output) {
    this.said[lane] += output;
    if (lane === this.shown) stdout.write(output);
  }

  /** @param {number} lane */
  end(lane) {
    this.hasEnded[lane] = true;
    while (this.hasEnded[this.shown]) {
      this.shown++;
      stdout.write(this.said[this.shown] ?? '');
    }
  }

  /** What failed in any lane, for a reader of the last lines alone. */
  failures() {
    const failed = this.said.flatMap((output, lane) => {
      const place = output.search(/^ *\d+ failing/m);
      const hasCount = /^ *\d+ passing/m.test(output);
      if (place === -1) return hasCount ? [] : [`${this.titles[lane]}: ended before its tests did.\n`];
      return [`${this.titles[lane]}:\n${output.slice(place)}`];
    });
    return failed.length === 0 ? '' : `\n── What failed\n${failed.join('\n')}\n`;
  }

  /**
   * Sum of what mocha counts at the end of each lane.
   * @param {'passing' | 'failing'} kind
   */
  count(kind) {
    const counts = this.said.map((output) => Number(output.match(new RegExp(`^ *(\\d+) ${kind}`, 'm'))?.[1] ?? 0));
    return counts.reduce((sum, one) => sum + one, 0);
  }
}

/**
 * The environment in which tests, and every process that they start, begin at another instant as if it were now.
 * @param {string} now
 * @returns {Record<string, string>}
 */
function clockAt(now) {
  const aheadMs = Date.parse(now) - Date.now();
  if (Number.isNaN(aheadMs)) throw new SetupFault(`CPOR_TEST_NOW is "${now}": give an instant such as 2028-02-29T12:00:00Z.`);
  const hook = pathToFileURL(join(distFolder, 'test/support/shifted-clock.js')).href;
  return { CPOR_TEST_CLOCK_AHEAD_MS: String(aheadMs), NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${hook}` };
}

/**
 * Runs Node 24 in our place: it gets our signals, and the terminal unless somebody takes what it says; we end as it ends.
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, onOutput?: (output: string) => void }} [options]
 * @returns {Promise<number>}
 */
function runNode(args, { env, onOutput } = {}) {
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = onOutput ? ['inherit', 'pipe', 'pipe'] : 'inherit';
  const child = spawn(nodeBinary(), ['--enable-source-maps', ...args], { cwd: root, env: { ...nodeEnvironment(), ...env }, stdio });
  if (onOutput) for (const output of [child.stdout, child.stderr]) output?.setEncoding('utf8').on('data', onOutput);
  for (const signal of signals) {
    process.off(signal, endSetup);
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // All that it has said has come by then, which is not so on "exit".
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}

await runTool(main);
