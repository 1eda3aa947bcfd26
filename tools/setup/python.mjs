import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged, saysNoNetwork, tail } from './command.mjs';
import { SetupFault } from './fault.mjs';
import { partialFolder, root, toolFolder } from './paths.mjs';

/**
 * A tool from PyPI, in the versions that `tools/<folder>/requirements.txt` pins; installed into a folder of its own, for PYTHONPATH.
 * @param {string} folder
 * @param {string} name the package
 * @returns {import('../setup.mjs').Step}
 */
export function pythonStep(folder, name) {
  const requirements = join(root, 'tools', folder, 'requirements.txt');
  const version = new RegExp(`^${name}==(.+)$`, 'm').exec(readFileSync(requirements, 'utf8'))?.[1];
  const title = `${name} ${version}`;
  const target = join(toolFolder, `${folder}-${version}`);
  return { title, isDone: () => existsSync(target), run: () => provide({ folder, title, requirements, target }) };
}

/** @param {{ folder: string, title: string, requirements: string, target: string }} tool */
async function provide({ folder, title, requirements, target }) {
  const half = join(partialFolder, folder);
  rmSync(half, { recursive: true, force: true });
  const options = ['--only-binary=:all:', '--disable-pip-version-check', '--retries', '2', '--target', half];
  const installed = await runLogged(folder, 'python3', ['-m', 'pip', 'install', ...options, '-r', requirements]);
  if (installed.code !== 0) throw new SetupFault(`${title} could not be installed: ${reasonOf(installed)}.`);
  renameSync(half, target);
}

/** @param {import('./command.mjs').CommandResult} result */
function reasonOf({ code, output }) {
  if (code === 127) return 'python3 is not on PATH; install Python 3.11 or newer with pip and try again';
  if (/No module named pip/.test(output)) return 'python3 has no pip; install it (python3 -m ensurepip) and try again';
  if (saysNoNetwork(output)) return 'the package index is unreachable; check the network, or set PIP_INDEX_URL to a mirror, and try again';
  return tail(output, 1);
}
