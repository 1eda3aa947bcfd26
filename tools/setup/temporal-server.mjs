import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged, saysNoNetwork, tail } from './command.mjs';
import { contentHash } from './content-hash.mjs';
import { SetupFault } from './fault.mjs';
import { partialFolder, root, toolFolder } from './paths.mjs';

const moduleFolder = join(root, 'tools/temporal-server');
const goMod = readFileSync(join(moduleFolder, 'go.mod'), 'utf8');
const version = /^(?:require |\t)go\.temporal\.io\/server v([\d.]+)/m.exec(goMod)?.[1];
const goVersion = /^go (\S+)$/m.exec(goMod)?.[1];

const binFolder = join(toolFolder, 'bin');
/** Names the sources from which the binaries were built. */
const stampFile = join(binFolder, 'temporal-server.sources');
const sources = () => contentHash(['tools/temporal-server']);

/** What each package is called here. Its own name says too little. */
const binaries = { server: 'temporal-server', sql: 'temporal-sql-tool' };
/** Where Go's own installer puts it, which is not always on PATH. */
const usualGo = join(process.env.GOROOT ?? '/usr/local/go', 'bin/go');

/** @type {import('../setup.mjs').Step} */
export const temporalServerStep = {
  title: `Temporal's production server ${version}`,
  isDone: () =>
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === sources() &&
    Object.values(binaries).every((name) => existsSync(join(binFolder, name))),
  run: provide,
};

/** Builds the server and its tool for schemas from Go modules, every byte of which go.sum pins. */
async function provide() {
  process.stderr.write('Building it from source takes about ten minutes the first time.\n');
  const folder = join(partialFolder, 'temporal-server');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packages = ['go.temporal.io/server/cmd/server', 'go.temporal.io/server/cmd/tools/sql'];
  const args = [
    'build',
    '-mod=readonly',
    '-trimpath',
    '-tags',
    'disable_grpc_modules',
    '-ldflags',
    '-s -w',
    '-o',
    `${folder}/`,
    ...packages,
  ];
  // Without a C compiler, and with the Go that is installed: nothing is downloaded but what go.sum names.
  const options = { cwd: moduleFolder, env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' } };
  let built = await runLogged('temporal-server', 'go', args, options);
  if (built.code === 127) built = await runLogged('temporal-server', usualGo, args, options);
  if (built.code !== 0) throw new SetupFault(`Temporal's server ${version} could not be built: ${reasonOf(built)}.`);
  mkdirSync(binFolder, { recursive: true });
  rmSync(stampFile, { force: true });
  for (const [built, name] of Object.entries(binaries)) renameSync(join(folder, built), join(binFolder, name));
  writeFileSync(stampFile, sources());
}

/** @param {import('./command.mjs').CommandResult} result */
function reasonOf({ code, output }) {
  if (code === 127) return `go is neither on PATH nor in ${usualGo}; install Go ${goVersion} or newer and try again`;
  if (/requires go >= /.test(output)) return `this Go is too old; install Go ${goVersion} or newer and try again`;
  if (/no space left on device/.test(output)) return 'the disk is full; the build needs about 4 GB';
  if (saysNoNetwork(output) || /dial tcp|no such host|i\/o timeout/.test(output))
    return 'the Go module proxy is unreachable; check the network, or set GOPROXY to a mirror, and try again';
  return tail(output, 1);
}
