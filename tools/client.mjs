import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { argv } from 'node:process';
import { createClient } from '@hey-api/openapi-ts';
import { SetupFault } from './setup/fault.mjs';
import { root } from './setup/paths.mjs';
import { runTool } from './setup.mjs';

const target = join(root, 'apps/console/src/client');

/** Generates the console's client from the contract, or with `--check` compares it with the committed one. */
async function main() {
  const folder = mkdtempSync(join(root, 'dist', 'client-'));
  try {
    await createClient({
      input: join(root, 'docs/reference/openapi.json'),
      output: { path: folder, module: { extension: '.js' } },
      plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
      logs: { level: 'silent' },
    });
    if (!argv.includes('--check')) {
      rmSync(target, { recursive: true, force: true });
      cpSync(folder, target, { recursive: true });
    } else if (textOf(folder) !== textOf(target)) {
      throw new SetupFault('apps/console/src/client is out of date. Run: npm run client');
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}

/** Names and contents of all files. @param {string} folder */
function textOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return paths.map((path) => `${relative(folder, path)}\n${readFileSync(path, 'utf8')}`).join('\n');
}

await runTool(main);
