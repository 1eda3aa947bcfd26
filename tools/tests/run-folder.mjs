import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive } from '../setup/process-identity.mjs';

const prefix = 'cpor-tests-';
const endLimitMs = 5_000;

/**
 * Does some work with a temporary folder of its own. What tests start has its files there, so that it can be found and ended afterwards, or, if
 * this run is killed, by the next one: the folder's name says which process it belongs to.
 * @template T
 * @param {(folder: string) => Promise<T>} work
 */
export async function inRunFolder(work) {
  await removeLeftovers();
  const folder = makeRunFolder();
  try {
    return await work(folder);
  } finally {
    await removeRunFolder(folder);
  }
}

function makeRunFolder() {
  // PostgreSQL's account must be able to enter, though not to list it.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `${prefix}${identify(process.pid).replace(' ', '-')}-`)));
  chmodSync(folder, 0o711);
  return folder;
}

/** Removes what runs of this account left that have been killed. */
async function removeLeftovers() {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${prefix}(\\d+)(?:-(\\d+))?-`).exec(name);
    if (!owner) continue;
    const folder = join(realpathSync(tmpdir()), name);
    const isOurs = statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.();
    if (isOurs && !isAlive(owner.slice(1).filter(Boolean).join(' '))) await removeRunFolder(folder);
  }
}

/** Ends every process that names the folder, and removes it. @param {string} folder */
async function removeRunFolder(folder) {
  const endsAt = Date.now() + endLimitMs;
  for (let found = processesOf(folder); found.length > 0; found = processesOf(folder)) {
    // PostgreSQL ends at once on SIGQUIT.
    for (const pid of found) send(pid, Date.now() < endsAt ? 'SIGQUIT' : 'SIGKILL');
    await delay(50);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** @param {string} folder */
function processesOf(folder) {
  return commands().flatMap(({ pid, command }) => (pid !== process.pid && command.includes(`${folder}/`) ? [pid] : []));
}

function commands() {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n');
    return lines.map((line) => ({ pid: Number.parseInt(line, 10), command: line }));
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), command: commandOf(name) }));
}

/** @param {string} pid */
function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}
