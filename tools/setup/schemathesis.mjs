import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged, saysNoNetwork, tail } from './command.mjs';
import { SetupFault } from './fault.mjs';
import { partialFolder, root, toolFolder } from './paths.mjs';

const requirements = join(root, 'tools/schemathesis/requirements.txt');
const version = /^schemathesis==(.+)$/m.exec(readFileSync(requirements, 'utf8'))?.[1];

/** The folder of the Python modules, for PYTHONPATH. */
const schemathesisFolder = join(toolFolder, `schemathesis-${version}`);

/** @type {import('../setup.mjs').Step} */
export const schemathesisStep = {
  title: `Schemathesis ${version}`,
  isDone: () => existsSync(schemathesisFolder),
  run: provide,
};

async function provide() {
  const folder = join(partialFolder, 'schemathesis');
  rmSync(folder, { recursive: true, force: true });
  const options = ['--only-binary=:all:', '--disable-pip-version-check', '--retries', '2', '--target', folder];
  const installed = await runLogged('schemathesis', 'python3', ['-m', 'pip', 'install', ...options, '-r', requirements]);
  if (installed.code !== 0) throw new SetupFault(`Schemathesis ${version} could not be installed: ${reasonOf(installed)}.`);
  renameSync(folder, schemathesisFolder);
}

/** @param {import('./command.mjs').CommandResult} result */
function reasonOf({ code, output }) {
  if (code === 127) return 'python3 is not on PATH; install Python 3.10 or newer with pip and try again';
  if (/No module named pip/.test(output)) return 'python3 has no pip; install it (python3 -m ensurepip) and try again';
  if (saysNoNetwork(output)) return 'the package index is unreachable; check the network, or set PIP_INDEX_URL to a mirror, and try again';
  return tail(output, 1);
}
