import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { argv, exit } from 'node:process';
import { SetupFault } from './setup/fault.mjs';
import { nodeBinary, nodeEnvironment } from './setup/node.mjs';
import { distFolder, root } from './setup/paths.mjs';
import { needs, runTool, setUp } from './setup.mjs';

/** Folders that `--mocha all` leaves out: tiers that are started by name, and what tests share. */
const apartTiers = ['bench', 'chaos', 'contract', 'histories', 'support'];
/** Tiers that need neither a Temporal server nor the workflow bundle. */
const unitTiers = ['unit', 'property'];
const testTimeoutMs = 20_000;
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** Set-up has no child to hand a signal to; it ends, and what it left half done is dropped by the next. */
const endSetup = () => exit(130);

async function main() {
  const [first, ...rest] = argv.slice(2);
  for (const signal of signals) process.on(signal, endSetup);
  if (first === '--mocha') return runTests(rest);
  if (first === '--contract') return runContract(rest);
  if (!first) throw new SetupFault('Usage: node tools/run.mjs <compiled file> [arguments] | --mocha <tiers> [mocha options] | --contract');
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
async function runTests([wanted = 'all', ...mochaOptions]) {
  const named = wanted.split(',');
  const needsUnits = named.every((tier) => unitTiers.includes(tier));
  await setUp(needsUnits ? needs.units : needs.everything, { isQuiet: true });
  const present = readdirSync(join(distFolder, 'test'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const tiers = wanted === 'all' ? present.map((entry) => entry.name).filter((name) => !apartTiers.includes(name)) : named;
  const missing = tiers.filter((tier) => !present.some((entry) => entry.name === tier));
  if (missing.length > 0)
    throw new SetupFault(`There is no test tier "${missing.join('", "')}"; there are: ${present.map((entry) => entry.name).join(', ')}.`);
  const mocha = [join(root, 'node_modules/mocha/bin/mocha.js'), '--no-config', '--timeout', String(testTimeoutMs)];
  return runNode([...mocha, ...tiers.map((tier) => `dist/test/${tier}/**/*.test.js`), ...mochaOptions]);
}

/**
 * Runs Node 24 in our place: it gets the terminal and our signals, and we end as it ends.
 * @param {string[]} args
 * @returns {Promise<number>}
 */
function runNode(args) {
  const child = spawn(nodeBinary(), ['--enable-source-maps', ...args], { cwd: root, env: nodeEnvironment(), stdio: 'inherit' });
  for (const signal of signals) {
    process.off(signal, endSetup);
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}

await runTool(main);
