import { rmSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { pathToFileURL } from 'node:url';
import { buildStep, bundleStep } from './setup/build.mjs';
import { consoleStep } from './setup/console.mjs';
import { dependenciesStep } from './setup/dependencies.mjs';
import { SetupFault } from './setup/fault.mjs';
import { withSetupLock } from './setup/lock.mjs';
import { keycloakStep } from './setup/keycloak.mjs';
import { nodeStep } from './setup/node.mjs';
import { oracleStep } from './setup/oracle.mjs';
import { partialFolder } from './setup/paths.mjs';
import { reportDone, withProgress } from './setup/progress.mjs';
import { pythonStep } from './setup/python.mjs';
import { temporalServerStep } from './setup/temporal-server.mjs';
import { temporalStep } from './setup/temporal.mjs';

/**
 * @typedef {object} Step something that must be in place before anything can run
 * @property {string} title
 * @property {() => boolean} isDone cheap, and true only for finished work
 * @property {() => Promise<void>} run leaves nothing or finished work
 */

/** @type {Record<string, Step>} */
const steps = {
  node: nodeStep,
  dependencies: dependenciesStep,
  temporal: temporalStep,
  build: buildStep,
  bundle: bundleStep,
  console: consoleStep,
  schemathesis: pythonStep('schemathesis', 'schemathesis'),
  'python-client': pythonStep('python-client', 'openapi-python-client'),
  keycloak: keycloakStep,
  'temporal-server': temporalServerStep,
  oracle: oracleStep,
};

/** The steps that each purpose needs. They run in the order above. */
export const needs = {
  everything: ['node', 'dependencies', 'temporal', 'build', 'bundle', 'console'],
  sources: ['node', 'dependencies'],
  temporal: ['temporal'],
  'temporal-server': ['temporal-server'],
  build: ['node', 'dependencies', 'build', 'bundle', 'console'],
  units: ['node', 'dependencies', 'build'],
  contract: ['node', 'dependencies', 'temporal', 'build', 'bundle', 'schemathesis'],
  'python-client': ['node', 'dependencies', 'temporal', 'build', 'bundle', 'python-client'],
  keycloak: ['node', 'dependencies', 'build', 'keycloak'],
  oracle: ['node', 'dependencies', 'build', 'oracle'],
  year: ['node', 'dependencies', 'temporal', 'build', 'bundle', 'oracle'],
};

/**
 * Runs the steps that are not done yet, and reports them on standard error. Only one set-up runs at a time.
 * @param {string[]} names
 * @param {{ isQuiet?: boolean }} [options] quiet: do not list the steps that are already done
 */
export async function setUp(names, options = {}) {
  if (process.versions.node.localeCompare('20.20.0', 'en', { numeric: true }) < 0) {
    throw new SetupFault(`Set-up needs Node 20.20 or newer, and this is ${process.versions.node}. Install Node 24 and try again.`);
  }
  const wanted = Object.entries(steps).filter(([name]) => names.includes(name));
  if (wanted.every(([, step]) => step.isDone())) {
    if (!options.isQuiet) for (const [, step] of wanted) reportDone(step.title);
    return;
  }
  await withSetupLock(async () => {
    rmSync(partialFolder, { recursive: true, force: true });
    for (const [, step] of wanted) {
      if (step.isDone()) reportDone(step.title);
      else await withProgress(step.title, step.run);
    }
  });
}

/**
 * Runs the main function of a tool. Faults that the user can fix are printed without a stack trace.
 * @param {() => Promise<number>} main returns the exit code
 */
export async function runTool(main) {
  try {
    const code = await main();
    await flushOutput();
    exit(code);
  } catch (error) {
    const { message, stack, code } = /** @type {NodeJS.ErrnoException} */ (error);
    // The user can fix what the system refuses (no space, no permission); anything else is a bug of ours.
    process.stderr.write(`${error instanceof SetupFault || code ? message : stack}\n`);
    exit(1);
  }
}

/** Waits until everything written has been read: what a pipe still holds at the exit is lost. */
async function flushOutput() {
  await Promise.all([process.stdout, process.stderr].map((output) => new Promise((resolve) => output.write('', resolve))));
}

async function main() {
  const only = argv.includes('--only') ? argv[argv.indexOf('--only') + 1] : 'everything';
  if (!only || !(only in needs)) throw new SetupFault(`--only must be one of: ${Object.keys(needs).join(', ')}.`);
  await setUp(needs[/** @type {keyof typeof needs} */ (only)]);
  return 0;
}

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, () => exit(130));
  await runTool(main);
}
