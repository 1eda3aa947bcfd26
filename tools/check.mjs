import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exit } from 'node:process';
import { nodeBinary, nodeEnvironment } from './setup/node.mjs';
import { root } from './setup/paths.mjs';
import { seconds } from './setup/progress.mjs';
import { needs, runTool, setUp } from './setup.mjs';

const concurrency = 2;
const cruised = ['apps', 'libs', 'packages', 'workflows', 'activities', 'temporal.config.ts'].filter((path) =>
  existsSync(join(root, path)),
);

/** @typedef {{ title: string, args: string[], needs?: string }} Check a Node program that passes when it exits with 0 */

/** The slowest first, so that two at a time end early. @type {Check[]} */
const checks = [
  { title: 'lint (eslint)', args: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'] },
  {
    title: 'architecture (dependency-cruiser)',
    args: ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--output-type', 'err-long', ...cruised],
  },
  { title: 'unused code (knip)', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  { title: 'types (tsc)', args: ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json', '--noEmit'] },
  { title: 'types of the console (tsc)', args: ['node_modules/typescript7/bin/tsc', '-p', 'apps/console/tsconfig.json'] },
  { title: 'types of the client (tsc)', args: ['node_modules/typescript7/bin/tsc', '-p', 'packages/client/tsconfig.json', '--noEmit'] },
  { title: 'types of the tools (tsc)', args: ['node_modules/typescript7/bin/tsc', '-p', 'tools/tsconfig.json'] },
  { title: 'format (biome)', args: ['node_modules/@biomejs/biome/bin/biome', 'format', '.'] },
  { title: 'docs are current', args: ['dist/apps/cli/src/main.js', 'reference', '--check'] },
  { title: 'client is current', args: ['tools/client.mjs', '--check'] },
  { title: 'OpenAPI file is current', args: ['dist/apps/api/src/openapi.main.js', '--check'], needs: 'apps/api/src/openapi.main.ts' },
  { title: 'OpenAPI file breaks no client', args: ['tools/contract.mjs'] },
  {
    title: 'OpenAPI lint (redocly)',
    args: ['node_modules/@redocly/cli/bin/cli.js', 'lint', 'docs/reference/openapi.json'],
    needs: 'docs/reference/openapi.json',
  },
];

/**
 * Runs one check and prints its result, with its output only if it failed.
 * @param {Check} check
 * @returns {Promise<boolean>} whether it passed
 */
function run(check) {
  const startedAt = performance.now();
  const child = spawn(nodeBinary(), check.args, { cwd: root, env: nodeEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {Buffer[]} */
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => output.push(Buffer.from(error.message)));
    child.once('close', (code) => {
      const time = seconds(performance.now() - startedAt).padStart(8);
      process.stdout.write(`${code === 0 ? '✓' : '✗'} ${check.title.padEnd(44)} ${time}\n`);
      if (code !== 0) process.stdout.write(`${Buffer.concat(output).toString().trimEnd()}\n\n`);
      resolve(code === 0);
    });
  });
}

async function main() {
  const wanted = checks.filter((check) => !check.needs || existsSync(join(root, check.needs)));
  const needsBuild = wanted.some((check) => check.args[0]?.startsWith('dist/'));
  await setUp(needsBuild ? needs.units : needs.sources, { isQuiet: true });
  const waiting = [...wanted];
  let failed = 0;
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) if (!(await run(check))) failed += 1;
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  process.stdout.write(failed === 0 ? 'All checks pass.\n' : `${failed} of ${wanted.length} checks fail.\n`);
  return failed === 0 ? 0 : 1;
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => exit(130));
await runTool(main);
