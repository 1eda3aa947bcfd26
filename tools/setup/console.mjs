import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { clientSources } from './build.mjs';
import { runLogged, tail } from './command.mjs';
import { contentHash, listFiles } from './content-hash.mjs';
import { SetupFault } from './fault.mjs';
import { nodeBinary, nodeEnvironment } from './node.mjs';
import { distFolder, root } from './paths.mjs';

const stampFile = join(distFolder, 'console.sha256');

/** The console's page and scripts, as the API serves them. @type {import('../setup.mjs').Step} */
export const consoleStep = {
  title: 'console',
  isDone: () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sourceHash(),
  run: buildConsole,
};

const sourceHash = () => contentHash(['apps/console', ...clientSources, 'package-lock.json']);

async function buildConsole() {
  const hash = sourceHash();
  rmSync(stampFile, { force: true });
  const result = await runLogged('console', nodeBinary(), [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'apps/console'),
    env: { ...nodeEnvironment(), NO_COLOR: '1' },
  });
  if (result.code !== 0) throw new SetupFault(`The console could not be built:\n${tail(result.output, 30)}`);
  for (const path of listFiles('dist/console/assets')) compress(join(root, path));
  writeFileSync(stampFile, hash);
}

/** Once here, rather than by the API for every browser. @param {string} file */
function compress(file) {
  if (!/\.(js|mjs|css|svg)$/.test(file)) return;
  const content = readFileSync(file);
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}
