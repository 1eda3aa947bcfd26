import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * @typedef {object} FileResult what became of the tests of one file
 * @property {number} passed
 * @property {{ title: string, message: string }[]} failures of tests and of hooks
 * @property {number} ms how long its tests and hooks took
 */

/**
 * Reports as one of mocha's reporters does, and writes the results of each file to another one.
 * Reporter options: `look` ("spec" or "dot"), and `results`, the file to write.
 */
class ResultsReporter {
  /**
   * @param {Mocha.Runner} runner
   * @param {Mocha.MochaOptions} options
   */
  constructor(runner, options) {
    const { look, results } = options.reporterOptions;
    const { Dot, Spec } = Mocha.reporters;
    new (look === 'dot' ? Dot : Spec)(runner, options);
    /** @type {Record<string, FileResult>} */
    const files = {};
    /** @param {string | undefined} file */
    const resultOf = (file = '') => (files[file] ??= { passed: 0, failures: [], ms: 0 });
    runner.on('pass', ({ file }) => {
      resultOf(file).passed++;
    });
    runner.on('fail', (test, error) => {
      // When the process of a file dies, mocha names the file in the error.
      const { file = test.file } = /** @type {{ file?: string }} */ (error);
      resultOf(file).failures.push({ title: test.fullTitle(), message: String(error.stack ?? error.message ?? error) });
    });
    for (const ended of /** @type {const} */ (['test end', 'hook end']))
      runner.on(ended, ({ file, duration = 0 }) => {
        resultOf(file).ms += duration;
      });
    runner.once('end', () => writeFileSync(results, JSON.stringify(files)));
  }
}

// Mocha requires its reporters.
export { ResultsReporter as 'module.exports' };
