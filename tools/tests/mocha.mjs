import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stdout } from 'node:process';
import { runNode } from '../run-node.mjs';
import { distFolder, root } from '../setup/paths.mjs';
import { tiers } from './tiers.mjs';

/** @typedef {Map<string, import('./reporter.mjs').FileResult>} Results by source file; what belongs to no file is under '' */

/**
 * @typedef {object} Run one run of mocha
 * @property {string} folder its temporary folder
 * @property {string[]} names its tiers
 * @property {string[]} [files] compiled files of them, relative to the checkout; default: all
 * @property {string[]} [options] mocha's
 * @property {Record<string, string>} [env]
 * @property {'spec' | 'dot'} [look] how tests are printed; without it as the options say, and no results are returned
 * @property {(output: string) => void} [onOutput]
 */

/** Far above what any test takes on an idle machine: a busy one must not fail it. */
const testTimeoutMs = 60_000;
let runs = 0;

/**
 * Returns mocha's exit code, and the results, unless it ended early.
 * @param {Run} run
 * @returns {Promise<{ code: number, results: Results | undefined }>}
 */
export async function runMocha({ folder, names, files, options = [], env = {}, look, onOutput }) {
  const chosen = tiers.filter(({ name }) => names.includes(name));
  const servers = new Set(chosen.flatMap(({ servers }) => servers));
  const resultsFile = join(folder, `results-${++runs}.json`);
  // The results' file is in the command line in any case, so that the next run finds this one if it outlives us.
  const args = ['--no-config', '--timeout', String(testTimeoutMs), '--reporter-option', `results=${resultsFile}`];
  if (look) args.push('--reporter', join(root, 'tools/tests/reporter.mjs'), '--reporter-option', `look=${look}`);
  if (servers.size > 0) args.push('--require', join(distFolder, 'test/support/servers.js'));
  if (onOutput) args.push(stdout.isTTY ? '--color' : '--no-color');
  args.push(...(files ?? chosen.map(({ name, pattern = '**/*.test.js' }) => `dist/test/${name}/${pattern}`)), ...options);
  const code = await runNode([join(root, 'node_modules/mocha/bin/mocha.js'), ...args], {
    env: {
      TMPDIR: folder,
      CPOR_TEST_SERVERS: [...servers].join(','),
      ...env,
    },
    ...(onOutput && { onOutput }),
  });
  return { code, results: readResults(resultsFile) };
}

/**
 * @param {string} file
 * @returns {Results | undefined}
 */
function readResults(file) {
  if (!existsSync(file)) return undefined;
  const results = Object.entries(JSON.parse(readFileSync(file, 'utf8')));
  return new Map(results.map(([path, result]) => [path && relative(distFolder, path).replace(/\.js$/, '.ts'), result]));
}
