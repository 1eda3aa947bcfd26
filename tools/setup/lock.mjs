import { linkSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SetupFault } from './fault.mjs';
import { toolFolder } from './paths.mjs';
import { endChildOfKilledSetup } from './command.mjs';
import { identify, isAlive } from './process-identity.mjs';

const lockFile = join(toolFolder, 'setup.lock');
const pollMs = 200;
/** Longer than another set-up needs to take a lock that it believes stale. */
const settleMs = 30;

/**
 * Runs some work while no other set-up runs in this checkout. Takes over a lock whose holder has died.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSetupLock(work) {
  const mine = identify(process.pid);
  await takeLock(mine);
  const release = () => {
    if (holder() === mine) rmSync(lockFile, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} mine */
async function takeLock(mine) {
  makeToolFolder();
  let hasWaited = false;
  for (;;) {
    const found = tryLock(mine);
    if (found === mine) {
      await delay(settleMs);
      if (holder() === mine) return endChildOfKilledSetup();
    } else if (found !== undefined && isAlive(found)) {
      if (!hasWaited) process.stderr.write(`Waiting for another set-up (process ${found.split(' ')[0]}) in this checkout.\n`);
      hasWaited = true;
      await delay(pollMs);
    } else {
      rmSync(lockFile, { force: true });
    }
  }
}

function makeToolFolder() {
  try {
    mkdirSync(toolFolder, { recursive: true });
    writeFileSync(join(toolFolder, `.write-${process.pid}`), '');
    unlinkSync(join(toolFolder, `.write-${process.pid}`));
  } catch (error) {
    throw new SetupFault(
      `Set-up cannot write to ${toolFolder} (${/** @type {Error} */ (error).message}). Run it as the account that owns the checkout.`,
    );
  }
}

/**
 * Links a complete file into place, which succeeds for only one of several processes. Returns the holder of the lock.
 * @param {string} mine
 */
function tryLock(mine) {
  const own = `${lockFile}.${process.pid}`;
  writeFileSync(own, mine);
  try {
    linkSync(own, lockFile);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(own);
  }
  return holder();
}

function holder() {
  try {
    return readFileSync(lockFile, 'utf8');
  } catch {
    return undefined;
  }
}
