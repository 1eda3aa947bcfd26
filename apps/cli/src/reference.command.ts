import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { referencePages } from '#libs/reference/index.js';

const usage = `Usage: cpor reference [--check]

Writes the generated pages of docs/reference. Run it in the checkout.

  --check   write nothing; exit with 1 if a page is out of date
`;

const folder = 'docs/reference';

/** Writes the generated reference pages. With --check it writes nothing, and exits with 1 when a page is out of date. */
export async function referenceCommand(args: string[]): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ args, options: { check: flag, help: flag } });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  let outdated = 0;
  for (const [name, render] of Object.entries(referencePages)) {
    const file = join(folder, name);
    const before = await readFile(file, 'utf8').catch(() => '');
    if (before === render()) continue;
    outdated++;
    if (values.check) process.stderr.write(`${file} is out of date. Run: npm run docs\n`);
    else await writeFile(file, render());
  }
  return values.check && outdated > 0 ? 1 : 0;
}
