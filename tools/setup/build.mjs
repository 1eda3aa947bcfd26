import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { runLogged } from './command.mjs';
import { contentHash, listFiles } from './content-hash.mjs';
import { SetupFault } from './fault.mjs';
import { nodeBinary, nodeEnvironment } from './node.mjs';
import { distFolder, root } from './paths.mjs';

/** What the client is compiled from. The compiler writes beside it, where npm finds it. */
export const clientSources = ['packages/client/src', 'packages/client/package.json', 'packages/client/tsconfig.json'];
const clientOutput = join(root, 'packages/client/dist');
const sources = ['workflows', 'activities', 'apps', 'libs', 'test', 'temporal.config.ts'];
/** Files of these folders other than TypeScript are read at run time and copied to dist. */
const assetFolders = ['apps', 'libs'];
const stampFile = join(distFolder, 'build.sha256');
/** Built by Vite: see console.mjs. */
const isOfConsole = (/** @type {string} */ path) => path.startsWith('apps/console/');
const bundleStampFile = join(distFolder, 'workflow-bundle.sha256');
const errorLines = 30;

/** @type {import('../setup.mjs').Step} */
export const buildStep = { title: 'build', isDone: () => hasStamp(stampFile, sourceHash()), run: build };

/** @type {import('../setup.mjs').Step} */
export const bundleStep = {
  title: 'workflow bundle',
  isDone: () => !hasWorkflows() || hasStamp(bundleStampFile, bundleHash()),
  run: bundle,
};

function sourceHash() {
  return contentHash([...sources, ...clientSources, 'tsconfig.json', 'package.json', 'package-lock.json']);
}

/** Without tests and apps, which are not part of the bundle. */
function bundleHash() {
  return contentHash(['workflows', 'activities', 'libs', 'temporal.config.ts', 'tsconfig.json', 'package-lock.json']);
}

function hasWorkflows() {
  return existsSync(join(root, 'workflows/index.ts'));
}

/**
 * @param {string} file
 * @param {string} hash
 */
function hasStamp(file, hash) {
  return existsSync(file) && readFileSync(file, 'utf8') === hash;
}

async function build() {
  const hash = sourceHash();
  rmSync(stampFile, { force: true });
  rmSync(clientOutput, { recursive: true, force: true });
  await compile('packages/client/tsconfig.json');
  await compile('tsconfig.json');
  for (const asset of assetFolders.flatMap(listFiles).filter((path) => isAsset(path) && !isOfConsole(path))) {
    const target = join(distFolder, asset);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, asset), target);
  }
  removeStale();
  writeFileSync(stampFile, hash);
}

/** @param {string} project */
async function compile(project) {
  const compiler = join(root, 'node_modules/typescript7/bin/tsc');
  const result = await runLogged('build', nodeBinary(), [compiler, '-p', project, '--pretty', 'false'], {
    cwd: root,
    env: nodeEnvironment(),
  });
  if (result.code === 0) return;
  const lines = result.output.trimEnd().split('\n');
  const rest = lines.length > errorLines ? `\n… and ${lines.length - errorLines} more lines in ${result.logFile}` : '';
  throw new SetupFault(`The sources do not compile:\n${lines.slice(0, errorLines).join('\n')}${rest}`);
}

/** @param {string} path */
function isAsset(path) {
  return !['.ts', '.tsx', '.md'].includes(extname(path)) && !/tsconfig[^/]*\.json$/.test(path);
}

/** Removes compiled files without a source, so that deleted tests no longer run. */
function removeStale() {
  for (const folder of sources) {
    for (const path of listFiles(relative(root, join(distFolder, folder)))) {
      const source = relative('dist', path);
      const origins = [source, source.replace(/\.js(\.map)?$/, '.ts'), source.replace(/\.js(\.map)?$/, '.tsx')];
      if (!origins.some((origin) => existsSync(join(root, origin)))) rmSync(join(root, path));
    }
  }
}

async function bundle() {
  const hash = bundleHash();
  rmSync(bundleStampFile, { force: true });
  await bundleTo('workflow-bundle.js');
  // A bundle of its own, so that workers that trace nothing do not load OpenTelemetry into each workflow.
  await bundleTo('workflow-bundle-traced.js', join(distFolder, 'libs/tracing/workflow-interceptors.js'));
  writeFileSync(bundleStampFile, hash);
}

/**
 * @param {string} name of the file in dist
 * @param {string[]} interceptors modules
 */
async function bundleTo(name, ...interceptors) {
  const script = join(root, 'tools/setup/bundle-workflows.mjs');
  const args = [script, join(distFolder, 'workflows/index.js'), join(distFolder, name), ...interceptors];
  const result = await runLogged('bundle', nodeBinary(), args, { cwd: root, env: nodeEnvironment() });
  if (result.code !== 0) throw new SetupFault(`The workflows could not be bundled:\n${result.output.trimEnd()}`);
}
