import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logFolder } from './paths.mjs';

/**
 * @typedef {object} CommandResult
 * @property {number} code the exit code, or 127 when the program is not there
 * @property {string} output what it wrote
 * @property {string} logFile where that is kept
 */

/**
 * Runs a program with its output kept in a log file. Never throws.
 * @param {string} name names the log file
 * @param {string} file
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<CommandResult>}
 */
export function runLogged(name, file, args, options = {}) {
  mkdirSync(logFolder, { recursive: true });
  const logFile = join(logFolder, `${name}.log`);
  const log = openSync(logFile, 'w');
  const child = spawn(file, args, { ...options, stdio: ['ignore', log, log] });
  const endWithUs = () => child.kill();
  process.once('exit', endWithUs);
  return new Promise((resolve) => {
    const finish = (/** @type {number} */ code) => {
      process.off('exit', endWithUs);
      closeSync(log);
      resolve({ code, output: readFileSync(logFile, 'utf8'), logFile });
    };
    child.once('error', () => finish(127));
    child.once('exit', (code, signal) => finish(signal ? 1 : (code ?? 1)));
  });
}

/**
 * The last lines of a text.
 * @param {string} text
 * @param {number} [lines]
 */
export function tail(text, lines = 15) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/**
 * Whether a program's output says that it could not reach the network.
 * @param {string} output
 */
export function saysNoNetwork(output) {
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ECONNRESET|ERR_SOCKET_TIMEOUT|NewConnectionError|ConnectTimeoutError|Name or service not known|ProxyError/.test(
    output,
  );
}
