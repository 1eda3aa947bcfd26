import { rmSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { pathToFileURL } from 'node:url';
import { buildStep, bundleStep } from './setup/build.mjs';
import { dependenciesStep } from './setup/dependencies.mjs';
import { SetupFault } from './setup/fault.mjs';
import { withSetupLock } from './setup/lock.mjs';
import { nodeStep } from './setup/node.mjs';
import { partialFolder } from './setup/paths.mjs';
import { sayAlreadyRight, withProgress } from './setup/progress.mjs';
import { schemathesisStep } from './setup/schemathesis.mjs';
import { temporalStep } from './setup/temporal.mjs';

/**
 * @typedef {object} Step One thing that must be right before anything can run.
 * @property {string} title
 * @property {() => boolean} isRight cheap, and true only for finished work
 * @property {() => Promise<void>} run leaves either nothing or finished work
 */

/** @type {Record<string, Step>} */
const steps = {
  node: nodeStep,
  dependencies: dependenciesStep,
  temporal: temporalStep,
  build: buildStep,
  bundle: bundleStep,
  schemathesis: schemathesisStep,
};

/** What each thing needs; steps run in the order above. */
export const needs = {
  everything: ['node', 'dependencies', 'temporal', 'build', 'bundle'],
  sources: ['node', 'dependencies'],
  temporal: ['temporal'],
  build: ['node', 'dependencies', 'build', 'bundle'],
  units: ['node', 'dependencies', 'build'],
  contract: ['node', 'dependencies', 'temporal', 'build', 'bundle', 'schemathesis'],
};

/**
 * Makes right what is not right yet, and says so on standard error. One set-up works at a time.
 * @param {string[]} names
 * @param {{ isQuiet?: boolean }} [options] quiet: say nothing about what is right already
 */
export async function setUp(names, options = {}) {
  if (process.versions.node.localeCompare('20.20.0', 'en', { numeric: true }) < 0) {
    throw new SetupFault(`Set-up runs on Node 20.20 or newer; this is ${process.versions.node}: install Node 24 and start again.`);
  }
  const wanted = Object.entries(steps).filter(([name]) => names.includes(name));
  if (wanted.every(([, step]) => step.isRight())) {
    if (!options.isQuiet) for (const [, step] of wanted) sayAlreadyRight(step.title);
    return;
  }
  await withSetupLock(async () => {
    rmSync(partialFolder, { recursive: true, force: true });
    for (const [, step] of wanted) {
      if (step.isRight()) sayAlreadyRight(step.title);
      else await withProgress(step.title, step.run);
    }
  });
}

/**
 * Runs the main part of a tool; a fault is said in its own words, without a stack.
 * @param {() => Promise<number>} main returns the exit code
 */
export async function runTool(main) {
  try {
    const code = await main();
    await flushOutput();
    exit(code);
  } catch (error) {
    const { message, stack, code } = /** @type {NodeJS.ErrnoException} */ (error);
    // What the system refuses (no space, no permission) the reader can mend; anything else is a fault of ours.
    process.stderr.write(`${error instanceof SetupFault || code ? message : stack}\n`);
    exit(1);
  }
}

/** Waits until a slow reader has taken everything: what a pipe still holds at the exit is lost. */
async function flushOutput() {
  await Promise.all([process.stdout, process.stderr].map((output) => new Promise((resolve) => output.write('', resolve))));
}

async function main() {
  const only = argv.includes('--only') ? argv[argv.indexOf('--only') + 1] : 'everything';
  if (!only || !(only in needs)) throw new SetupFault(`--only takes one of: ${Object.keys(needs).join(', ')}.`);
  await setUp(needs[/** @type {keyof typeof needs} */ (only)]);
  return 0;
}

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, () => exit(130));
  await runTool(main);
}
