import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { logFolder, toolFolder } from './paths.mjs';
import { identify, isAlive } from './process-identity.mjs';

/** Identifies the program that is running. */
const childFile = join(toolFolder, 'setup.child');
const pollMs = 50;

/**
 * @typedef {object} CommandResult
 * @property {number} code the exit code, or 127 if the program was not found
 * @property {string} output its standard output and error
 * @property {string} logFile the file that holds the output
 */

/**
 * Runs a program and keeps its output in a log file. Never throws.
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
  const child = spawn(file, args, { ...options, stdio: ['ignore', log, log], detached: true });
  const endWithUs = () => endGroup(child.pid);
  process.once('exit', endWithUs);
  if (child.pid) writeFileSync(childFile, identify(child.pid));
  return new Promise((resolve) => {
    const finish = (/** @type {number} */ code) => {
      process.off('exit', endWithUs);
      rmSync(childFile, { force: true });
      closeSync(log);
      resolve({ code, output: readFileSync(logFile, 'utf8'), logFile });
    };
    child.once('error', () => finish(127));
    child.once('exit', (code, signal) => finish(signal ? 1 : (code ?? 1)));
  });
}

/** Ends a program and everything it started. @param {number | undefined} pid */
function endGroup(pid) {
  try {
    if (pid) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** Ends the program of a set-up that was killed: two npm processes in one folder would corrupt it. */
export async function endChildOfKilledSetup() {
  if (!existsSync(childFile)) return;
  const child = readFileSync(childFile, 'utf8');
  if (isAlive(child)) endGroup(Number(child.split(' ')[0]));
  while (isAlive(child)) await delay(pollMs);
  rmSync(childFile, { force: true });
}

/**
 * Returns the last lines of a text.
 * @param {string} text
 * @param {number} [lines]
 */
export function tail(text, lines = 15) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/**
 * Returns whether a program's output shows that it could not reach the network.
 * @param {string} output
 */
export function saysNoNetwork(output) {
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ECONNRESET|ERR_SOCKET_TIMEOUT|NewConnectionError|ConnectTimeoutError|Name or service not known|ProxyError/.test(
    output,
  );
}
