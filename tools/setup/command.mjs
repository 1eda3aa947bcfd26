import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { logFolder, toolFolder } from './paths.mjs';
import { identify, isAlive } from './process-identity.mjs';

/** Names the program that runs now. */
const childFile = join(toolFolder, 'setup.child');
const pollMs = 50;

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

/** Ends a program with all that it started. @param {number | undefined} pid */
function endGroup(pid) {
  try {
    if (pid) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** A killed set-up leaves its program running, and two npm in one folder would spoil it. */
export async function endChildOfKilledSetup() {
  if (!existsSync(childFile)) return;
  const child = readFileSync(childFile, 'utf8');
  if (isAlive(child)) endGroup(Number(child.split(' ')[0]));
  while (isAlive(child)) await delay(pollMs);
  rmSync(childFile, { force: true });
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
