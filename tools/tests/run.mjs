import { stdout } from 'node:process';
import { runMocha } from './mocha.mjs';
import { inRunFolder } from './run-folder.mjs';
import { tierOf, tiers } from './tiers.mjs';

/** @typedef {import('./mocha.mjs').Results} Results */
/** @typedef {{ title: string, env: Record<string, string> }} Lane tests in an environment of their own */
/** @typedef {{ title: string, code: number, results: Results | undefined }} Outcome */
/** @typedef {{ file: string, title: string }} SecondTry a test that failed, though its file passed when it ran once more */

/** Most tests wait for servers more than they compute; more processes than this make two cores no faster. */
const processesAtOnce = 3;
const lanesAtOnce = 2;
/** When more files fail, something is wrong that a second try would not mend. */
const mostSecondTries = 8;
const longestShown = 12;

/**
 * Runs tiers one after another in one process. Returns mocha's exit code.
 * @param {string[]} names
 * @param {string[]} options mocha's
 * @param {Record<string, string>} env
 */
export function runTiers(names, options, env) {
  return inRunFolder(async (folder) => (await runMocha({ folder, names, options, env })).code);
}

/**
 * Runs all tiers that need not be named: several processes take files from one queue, and share one server of each kind. Files of tiers with
 * real servers that fail run once more, alone.
 * @param {string[]} options mocha's
 * @param {Record<string, string>} env
 */
export function runAll(options, env) {
  const names = tiers.filter(({ isNamedOnly }) => !isNamedOnly).map(({ name }) => name);
  return inRunFolder(async (folder) => {
    const began = Date.now();
    const parallel = ['--parallel', '--jobs', String(processesAtOnce), ...options];
    const first = await runMocha({ folder, names, options: parallel, env, look: 'spec' });
    const second = await tryAgain(first.results ?? new Map(), (run) => runMocha({ folder, options, env, look: 'spec', ...run }));
    return conclude([{ title: 'The tests', code: first.code, results: first.results }], second, began);
  });
}

/**
 * Runs tiers in each of some environments, two at a time.
 * @param {string[]} names
 * @param {Lane[]} lanes
 */
export function runLanes(names, lanes) {
  return inRunFolder(async (folder) => {
    const began = Date.now();
    const printer = new LanePrinter(lanes.map(({ title }) => title));
    const waiting = [...lanes.entries()];
    /** @type {Outcome[]} */
    const outcomes = [];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [lane, { title, env }] = next;
        const onOutput = (/** @type {string} */ output) => printer.take(lane, output);
        outcomes[lane] = { title, ...(await runMocha({ folder, names, env, look: 'dot', onOutput })) };
        printer.end(lane);
      }
    };
    await Promise.all(Array.from({ length: lanesAtOnce }, work));
    return conclude(outcomes, [], began);
  });
}

/**
 * Runs failed files once more, each alone, and replaces their results. Returns the tests that passed only then.
 * @param {Results} results
 * @param {(run: { names: string[], files: string[] }) => Promise<{ results: Results | undefined }>} run
 */
async function tryAgain(results, run) {
  const failed = [...results].filter(([file, { failures }]) => failures.length > 0 && tierOf(file)?.hasSecondTry);
  /** @type {SecondTry[]} */
  const passed = [];
  if (failed.length > mostSecondTries) {
    stdout.write(`\n${failed.length} files with real servers failed, too many for a second try.\n`);
    return passed;
  }
  for (const [file, { failures }] of failed) {
    stdout.write(`\n── Second try: ${file}\n`);
    const again = await run({ names: [tierOf(file)?.name ?? ''], files: [`dist/${file.replace(/\.ts$/, '.js')}`] });
    const result = again.results?.get(file);
    if (!result) continue;
    results.set(file, result);
    if (result.failures.length === 0) passed.push(...failures.map(({ title }) => ({ file, title })));
  }
  return passed;
}

/**
 * Repeats what failed, for readers who see only the last lines, and counts. Returns the exit code.
 * @param {Outcome[]} outcomes
 * @param {SecondTry[]} secondTries
 * @param {number} began
 */
function conclude(outcomes, secondTries, began) {
  const results = outcomes.flatMap(({ results }) => [...(results?.values() ?? [])]);
  const faults = outcomes.flatMap(faultsOf);
  if (faults.length > 0) stdout.write(`\n── What failed\n${faults.map((fault) => `${fault}\n`).join('\n')}`);
  if (secondTries.length > 0) {
    stdout.write(`\n── Passed only at the second try: look for the race\n`);
    for (const { file, title } of secondTries) stdout.write(`${file}: ${title}\n`);
  }
  stdout.write(`\n── Longest\n${longestOf(outcomes).join('\n')}\n`);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const seconds = Math.round((Date.now() - began) / 1000);
  stdout.write(`\n${passed} passed, ${faults.length} failed in ${Math.floor(seconds / 60)} min ${seconds % 60} s\n`);
  return faults.length === 0 ? 0 : 1;
}

/**
 * Describes each failed test, and a run that did not come to its end.
 * @param {Outcome} outcome
 */
function faultsOf({ title, code, results }) {
  if (!results) return [`${title}: ended before all tests had run (exit code ${code}).`];
  return [...results].flatMap(([file, { failures }]) =>
    failures.map(({ title: test, message }) => `${title}: ${file}: ${test}\n${message.split('\n').slice(0, 12).join('\n')}`),
  );
}

/**
 * Names the files that took longest, for whoever wants to make a run shorter.
 * @param {Outcome[]} outcomes
 */
function longestOf(outcomes) {
  const files = outcomes.flatMap(({ results }) => [...(results ?? [])]);
  return files
    .sort(([, a], [, b]) => b.ms - a.ms)
    .slice(0, longestShown)
    .map(([file, { ms }]) => `${(ms / 1000).toFixed(1).padStart(6)} s  ${file}`);
}

/** Prints the output of several lanes, one lane after another: the first one live, the next when the one before it has ended. */
class LanePrinter {
  /** @param {string[]} titles */
  constructor(titles) {
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
    if (lane === this.shown) stdout.write(output);
    else this.outputs[lane] += output;
  }

  /** @param {number} lane */
  end(lane) {
    this.hasEnded[lane] = true;
    while (this.hasEnded[this.shown]) {
      this.shown++;
      stdout.write(this.outputs[this.shown] ?? '');
    }
  }
}
