import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { referencePages } from '#libs/reference/index.js';

const folder = 'docs/reference';

/** Prints the tables of the reference from the code; with --check it changes nothing and fails where a page differs. */
export async function referenceCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { check: { type: 'boolean', default: false } } });
  let differing = 0;
  for (const [name, render] of Object.entries(referencePages)) {
    const file = join(folder, name);
    const before = await readFile(file, 'utf8').catch(() => '');
    if (before === render()) continue;
    differing++;
    if (values.check) process.stderr.write(`${file} is not what the code says. Run npm run docs.\n`);
    else await writeFile(file, render());
  }
  return values.check && differing > 0 ? 1 : 0;
}
