import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { endOnSignals, runNode } from './run-node.mjs';
import { SetupFault } from './setup/fault.mjs';
import { distFolder, root } from './setup/paths.mjs';
import { needs, runTool, setUp } from './setup.mjs';
import { runAll, runLanes, runTiers } from './tests/run.mjs';
import { tiers } from './tests/tiers.mjs';

/** Tiers that need neither a Temporal server nor the workflow bundle. */
const unitTiers = ['unit', 'property'];
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

async function main() {
  const [first, ...rest] = argv.slice(2);
  endOnSignals();
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
  if (wanted === 'all') return runAll(mochaOptions, clock);
  const unknown = named.filter((name) => !tiers.some((tier) => tier.name === name));
  if (unknown.length > 0) {
    throw new SetupFault(`Unknown test tier "${unknown.join('", "')}". The tiers are: ${tiers.map(({ name }) => name).join(', ')}.`);
  }
  return runTiers(named, mochaOptions, clock);
}

/**
 * Runs the tiers that need no Temporal as if it were each of these days, with fewer random stories than usual.
 * @param {string[]} wanted
 */
async function runDays(wanted) {
  await setUp(needs.everything, { isQuiet: true });
  const chosen = wanted.length === 0 ? days : days.filter(({ now }) => wanted.some((day) => now.startsWith(day)));
  if (chosen.length === 0) throw new SetupFault(`Unknown day. The days are: ${days.map(({ now }) => now.slice(0, 10)).join(', ')}.`);
  const fewer = { CPOR_MARKETS: '5', CPOR_WINDOWS: '40' };
  const lanes = chosen.map(({ now, zone }) => ({ title: `${now} in ${zone}`, env: { ...clockAt(now), TZ: zone, ...fewer } }));
  return runLanes(['unit', 'property', 'database'], lanes);
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

await runTool(main);
