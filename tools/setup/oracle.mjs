import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged, saysNoNetwork, tail } from './command.mjs';
import { SetupFault } from './fault.mjs';
import { nodeBinary } from './node.mjs';
import { partialFolder, root, toolFolder } from './paths.mjs';

const requirements = join(root, 'tools/oracle/requirements.txt');
const releases = join(root, 'tools/oracle/tzdata.json');
const version = /^numpy==(\S+)/m.exec(readFileSync(requirements, 'utf8'))?.[1];

/** Returns the release of the time zone data of the Node that the product runs on, such as `2026a`. */
const zoneRelease = () => spawnSync(nodeBinary(), ['-p', 'process.versions.tz'], { encoding: 'utf8' }).stdout.trim();

/** The folder of the Python modules, for PYTHONPATH. @param {string} release */
const folderOf = (release) => join(toolFolder, `oracle-numpy-${version}-tz-${release}`);

/** @type {import('../setup.mjs').Step} */
export const oracleStep = {
  title: `numpy ${version} and tzdata`,
  isDone: () => existsSync(folderOf(zoneRelease())),
  run: provide,
};

async function provide() {
  const release = zoneRelease();
  /** @type {Record<string, string>} */
  const pins = JSON.parse(readFileSync(releases, 'utf8'));
  const tzdata = pins[release];
  if (tzdata === undefined) {
    throw new SetupFault(
      `Node has the time zone data ${release}, and tools/oracle/tzdata.json names no Python package of that release. Add its line (the package tzdata on PyPI) and try again.`,
    );
  }
  const folder = join(partialFolder, 'oracle');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const zones = join(partialFolder, 'oracle.tzdata.txt');
  writeFileSync(zones, `${tzdata}\n`);
  const options = ['--require-hashes', '--only-binary=:all:', '--disable-pip-version-check', '--retries', '2', '--target', folder];
  const installed = await runLogged('oracle', 'python3', ['-m', 'pip', 'install', ...options, '-r', requirements, '-r', zones]);
  if (installed.code !== 0) throw new SetupFault(`numpy ${version} and tzdata could not be installed: ${reasonOf(installed)}.`);
  renameSync(folder, folderOf(release));
}

/** @param {import('./command.mjs').CommandResult} result */
function reasonOf({ code, output }) {
  if (code === 127) return 'python3 is not on PATH; install Python 3.11 or newer with pip and try again';
  if (/No module named pip/.test(output)) return 'python3 has no pip; install it (python3 -m ensurepip) and try again';
  if (saysNoNetwork(output)) return 'the package index is unreachable; check the network, or set PIP_INDEX_URL to a mirror, and try again';
  if (/No matching distribution|do not match the hashes/.test(output))
    return 'there is no pinned numpy for this Python and platform; use Python 3.11 to 3.14 on Linux or macOS, or add its hash to tools/oracle/requirements.txt';
  return tail(output, 1);
}
