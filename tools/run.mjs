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
 * The tiers of `--mocha all`, in lanes that run in parallel: most tests wait for servers more than they compute. Each lane is a process with its
 * own servers. A tier that is in no lane (chaos, keycloak) runs by name only.
 */
const lanes = [['unit', 'property', 'replay', 'database', 'setup'], ['workflow', 'api', 'story'], ['web']];
/** Tiers that need neither a Temporal server nor the workflow bundle. */
const unitTiers = ['unit', 'property'];
/** Folders of `test/` that are not tiers. */
const sharedFolders = ['bench', 'contract', 'histories', 'oracle', 'screenshots', 'support'];
/** Far above what any test takes on an idle machine: a busy one must not fail it. */
const testTimeoutMs = 60_000;
/** Days on which date arithmetic is likely to fail, in zones on both sides of UTC. */
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

/** Set-up has no child to pass a signal to. It just ends, and the next one removes its unfinished work. */
const endSetup = () => exit(130);

async function main() {
  const [first, ...rest] = argv.slice(2);
  for (const signal of signals) process.on(signal, endSetup);
  if (first === '--mocha') return runTests(rest);
  if (first === '--contract') return runContract(rest);
  if (first === '--days') return runDays(rest);
  if (first === '--for') return runFor(rest);
  if (!first)
    throw new SetupFault(
      'Usage: node tools/run.mjs [--built] <compiled file> [arguments] | --mocha <tiers> [mocha options] | --days [YYYY-MM-DD ...] | --contract | --for <purpose> <compiled file> [arguments]',
    );
  if (first === '--built') return runBuilt(rest);
  await setUp(needs.everything, { isQuiet: true });
  if (!existsSync(join(root, first))) throw new SetupFault(`${first} does not exist: its source is missing.`);
  return runNode([join(root, first), ...rest]);
}

/** Runs a program that needs no server and no console, such as one that writes what the console is built from. @param {string[]} args */
async function runBuilt([file = '', ...args]) {
  await setUp(needs.units, { isQuiet: true });
  return runNode([join(root, file), ...args]);
}

/** Tests the running product against its contract. @param {string[]} args */
async function runContract(args) {
  await setUp(needs.contract, { isQuiet: true });
  return runNode([join(root, 'dist/test/contract/main.js'), ...args]);
}

/** Runs a program that needs more than the product, such as Python packages. @param {string[]} args */
async function runFor([purpose = '', file = '', ...args]) {
  await setUp(needs[/** @type {keyof typeof needs} */ (purpose)], { isQuiet: true });
  return runNode([join(root, file), ...args]);
}

/** @param {string[]} args */
async function runTests([wanted = 'all', ...options]) {
  const mochaOptions = options.filter((option) => option !== '--thorough');
  if (options.length > mochaOptions.length) process.env.CPOR_THOROUGH = '1';
  const named = wanted.split(',');
  const needsUnits = named.every((tier) => unitTiers.includes(tier));
  await setUp(needsUnits ? needs.units : named.includes('keycloak') ? needs.keycloak : needs.everything, { isQuiet: true });
  const { CPOR_TEST_NOW: now } = process.env;
  const clock = now === undefined ? {} : clockAt(now);
  if (wanted === 'all')
    return runLanes(lanes.map((tiers) => ({ title: tiers.join(', '), args: mochaArguments(tiers, mochaOptions), env: clock })));
  const known = readdirSync(join(root, 'test')).filter((name) => existsSync(join(root, 'test', name)) && !sharedFolders.includes(name));
  const missing = named.filter((tier) => !known.includes(tier));
  if (missing.length > 0) throw new SetupFault(`Unknown test tier "${missing.join('", "')}". The tiers are: ${known.join(', ')}.`);
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
 * Runs the tiers that need no Temporal as if it were each of these days, with fewer random stories than usual.
 * @param {string[]} wanted
 */
async function runDays(wanted) {
  await setUp(needs.everything, { isQuiet: true });
  const chosen = wanted.length === 0 ? days : days.filter(({ now }) => wanted.some((day) => now.startsWith(day)));
  if (chosen.length === 0) throw new SetupFault(`Unknown day. The days are: ${days.map(({ now }) => now.slice(0, 10)).join(', ')}.`);
  const fewer = { CPOR_MARKETS: '5', CPOR_WINDOWS: '40' };
  const args = mochaArguments(['unit', 'property', 'database'], ['--reporter', 'dot']);
  return runLanes(chosen.map(({ now, zone }) => ({ title: `${now} in ${zone}`, args, env: { ...clockAt(now), TZ: zone, ...fewer } })));
}

/** @typedef {{ title: string, args: string[], env: Record<string, string> }} Lane a mocha process */

/** How many lanes run at a time. */
const lanesAtOnce = 2;

/**
 * Runs lanes in parallel and prints them one after another: the first one live, the next when the one before it has ended.
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

/** Prints the output of several lanes, one lane after another. */
class LanePrinter {
  /** @param {string[]} titles */
  constructor(titles) {
    this.titles = titles;
    this.outputs = titles.map((title) => `\n── ${title}\n`);
    this.hasEnded = titles.map(() => false);
    this.shown = 0;
    stdout.write(this.outputs[0] ?? '');
  }

  /**
   * @param {number} lane
   * @param {string} output
   */
  take(lane, output) {
    this.outputs[lane] += output;
    if (lane === this.shown) stdout.write(output);
  }

  /** @param {number} lane */
  end(lane) {
    this.hasEnded[lane] = true;
    while (this.hasEnded[this.shown]) {
      this.shown++;
      stdout.write(this.outputs[this.shown] ?? '');
    }
  }

  /** Repeats the failures of all lanes, for readers who see only the last lines. */
  failures() {
    const failed = this.outputs.flatMap((output, lane) => {
      const place = output.search(/^ *\d+ failing/m);
      const hasCount = /^ *\d+ passing/m.test(output);
      if (place === -1) return hasCount ? [] : [`${this.titles[lane]}: ended before its tests were complete.\n`];
      return [`${this.titles[lane]}:\n${output.slice(place)}`];
    });
    return failed.length === 0 ? '' : `\n── What failed\n${failed.join('\n')}\n`;
  }

  /**
   * Adds up what mocha counts at the end of each lane.
   * @param {'passing' | 'failing'} kind
   */
  count(kind) {
    const counts = this.outputs.map((output) => Number(output.match(new RegExp(`^ *(\\d+) ${kind}`, 'm'))?.[1] ?? 0));
    return counts.reduce((sum, count) => sum + count, 0);
  }
}

/**
 * Returns the environment in which the tests, and every process that they start, take another instant for now.
 * @param {string} now
 * @returns {Record<string, string>}
 */
function clockAt(now) {
  const aheadMs = Date.parse(now) - Date.now();
  if (Number.isNaN(aheadMs)) throw new SetupFault(`CPOR_TEST_NOW is "${now}", which is not an instant such as 2028-02-29T12:00:00Z.`);
  const hook = pathToFileURL(join(distFolder, 'test/support/shifted-clock.js')).href;
  return { CPOR_TEST_CLOCK_AHEAD_MS: String(aheadMs), NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${hook}` };
}

/**
 * Runs Node 24 as a child that gets our signals, and our terminal unless `onOutput` takes its output. Returns its exit code.
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
    // Unlike "exit", "close" comes after the last output.
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}

await runTool(main);
