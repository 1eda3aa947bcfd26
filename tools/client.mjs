import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { argv } from 'node:process';
import { createClient } from '@hey-api/openapi-ts';
import { contractOfClient, operationsOf } from './client/contract.mjs';
import { mentioned, placeOf } from './client/names.mjs';
import { writeResources } from './client/resources.mjs';
import { SetupFault } from './setup/fault.mjs';
import { root } from './setup/paths.mjs';
import { runTool } from './setup.mjs';

const target = join(root, 'packages/client/src/generated');

/** Generates the client from the contract, or with `--check` compares it with the committed one. */
async function main() {
  const folder = mkdtempSync(join(root, 'dist', 'client-'));
  try {
    const contract = contractOfClient(JSON.parse(readFileSync(join(root, 'docs/reference/openapi.json'), 'utf8')));
    checkNames(contract);
    await createClient({
      input: /** @type {any} */ (contract),
      output: { path: folder, module: { extension: '.js' } },
      plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
      logs: { level: 'silent' },
    });
    writeFileSync(join(folder, 'resources.gen.ts'), writeResources(contract));
    if (!argv.includes('--check')) {
      rmSync(target, { recursive: true, force: true });
      cpSync(folder, target, { recursive: true });
    } else if (textOf(folder) !== textOf(target)) {
      throw new SetupFault('packages/client/src/generated is out of date. Run: npm run client');
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}

/** Finds names that outlive their operation, and two operations with one name. @param {import('./client/contract.mjs').Contract} contract */
function checkNames(contract) {
  const ids = operationsOf(contract).map(({ operation }) => operation.operationId);
  const unknown = mentioned.filter((id) => !ids.includes(id));
  const places = ids.flatMap((id) => Object.values(placeOf(id) ?? {}).join('.') || []);
  const twice = places.filter((place, index) => places.indexOf(place) !== index);
  if (unknown.length > 0)
    throw new SetupFault(`tools/client/names.mjs mentions operations that are not in the contract: ${unknown.join(', ')}.`);
  if (twice.length > 0) throw new SetupFault(`Two operations would be ${twice.join(', ')}. Name one of them in tools/client/names.mjs.`);
}

/** Names and contents of all files. @param {string} folder */
function textOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return paths.map((path) => `${relative(folder, path)}\n${readFileSync(path, 'utf8')}`).join('\n');
}

await runTool(main);
