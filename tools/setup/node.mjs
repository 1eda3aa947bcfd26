import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runLogged, saysNoNetwork, tail } from './command.mjs';
import { SetupFault } from './fault.mjs';
import { partialFolder, root, toolFolder } from './paths.mjs';

const packageName = `node-${process.platform}-${process.arch}`;
/** @type {{ optionalDependencies: Record<string, string> }} */
const manifest = JSON.parse(readFileSync(join(root, 'tools/node/package.json'), 'utf8'));
const pinnedVersion = manifest.optionalDependencies[packageName];
const pinnedFolder = join(toolFolder, `node-${pinnedVersion}`);
const pinnedBinary = join(pinnedFolder, 'node_modules', packageName, 'bin/node');

/** Returns whether cpor can run on this Node: 24.15 or a later 24. Temporal workers do not run on 26. */
function isSupported() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major === 24 && minor >= 15;
}

/** Returns the Node on which everything after this step runs. */
export function nodeBinary() {
  return isSupported() ? process.execPath : pinnedBinary;
}

/** Returns an environment that puts that Node first on PATH, for npm and for the scripts of dependencies. */
export function nodeEnvironment() {
  return { ...process.env, PATH: `${dirname(nodeBinary())}${delimiter}${process.env.PATH ?? ''}` };
}

/** @type {import('../setup.mjs').Step} */
export const nodeStep = {
  title: isSupported() ? `Node ${process.versions.node}` : `Node ${pinnedVersion ?? '24'} (this machine has ${process.versions.node})`,
  isDone: () => isSupported() || (pinnedVersion !== undefined && existsSync(pinnedBinary)),
  run: fetchPinnedNode,
};

async function fetchPinnedNode() {
  if (pinnedVersion === undefined) {
    throw new SetupFault(
      `cpor needs Node 24 (24.15 or newer). This is ${process.versions.node}, and there is no Node package for ${process.platform} ${process.arch}. Install Node 24 and try again.`,
    );
  }
  const half = join(partialFolder, 'node');
  mkdirSync(half, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(root, 'tools/node', file), join(half, file));
  const result = await npmInstall('node', half, process.env);
  if (result.code !== 0) throw npmFault(result, 'Node 24');
  const binary = join(half, 'node_modules', packageName, 'bin/node');
  const trial = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  if (trial.stdout?.trim() !== `v${pinnedVersion}`) {
    throw new SetupFault(
      `The Node from the package ${packageName} does not run on this machine (${trial.error?.message ?? tail(trial.stderr, 1)}). Install Node 24 and try again.`,
    );
  }
  rmSync(pinnedFolder, { recursive: true, force: true });
  renameSync(half, pinnedFolder);
}

/**
 * Installs exactly what a folder's lock file lists.
 * @param {string} name names the log
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 */
export function npmInstall(name, folder, env) {
  // By default npm retries for minutes; without a network, users should learn of it sooner.
  const retries = { npm_config_fetch_retries: '3', npm_config_fetch_retry_mintimeout: '1000', npm_config_fetch_retry_maxtimeout: '10000' };
  const args = ['ci', '--prefix', folder, '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  return runLogged(name, 'npm', args, { cwd: folder, env: { ...retries, ...env } });
}

/**
 * @param {import('./command.mjs').CommandResult} result
 * @param {string} wanted
 */
export function npmFault(result, wanted) {
  if (result.code === 127)
    return new SetupFault(`${wanted} could not be installed, because npm is not on PATH. Install npm and try again.`);
  if (saysNoNetwork(result.output)) {
    return new SetupFault(
      `${wanted} could not be installed, because npm cannot reach its registry. Check the network (or npm's registry and proxy settings) and try again. Log: ${result.logFile}`,
    );
  }
  return new SetupFault(`${wanted} could not be installed. npm's log (${result.logFile}) ends with:\n${tail(result.output)}`);
}
