import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { exit } from 'node:process';
import { nodeBinary, nodeEnvironment } from './setup/node.mjs';
import { root } from './setup/paths.mjs';

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** Set-up has no child to pass a signal to. It just ends, and the next one removes its unfinished work. */
const endSetup = () => exit(130);

/** Lets signals end this process until a child runs. */
export function endOnSignals() {
  for (const signal of signals) process.on(signal, endSetup);
}

/**
 * Runs Node 24 as a child that gets our signals, and our terminal unless `onOutput` takes its output. Returns its exit code.
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, onOutput?: (output: string) => void }} [options]
 * @returns {Promise<number>}
 */
export function runNode(args, { env, onOutput } = {}) {
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = onOutput ? ['inherit', 'pipe', 'pipe'] : 'inherit';
  const child = spawn(nodeBinary(), ['--enable-source-maps', ...args], { cwd: root, env: { ...nodeEnvironment(), ...env }, stdio });
  if (onOutput) for (const output of [child.stdout, child.stderr]) output?.setEncoding('utf8').on('data', onOutput);
  const pass = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  for (const signal of signals) {
    process.off(signal, endSetup);
    process.on(signal, pass);
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // Unlike "exit", "close" comes after the last output.
    child.once('close', (code, signal) => {
      for (const passed of signals) process.off(passed, pass);
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
    });
  });
}
