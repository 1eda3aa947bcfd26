import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { referencePages } from '#libs/reference/index.js';

export const usage = `Usage: cpor reference [--check]

Writes the generated pages of docs/reference and the dashboards of deploy/grafana. Run it in the checkout.

  --check   write nothing; exit with 1 if a page is out of date
`;

/** What writes each page, by its name. */
type Pages = Record<string, () => string | Promise<string>>;

const folder = 'docs/reference';

/** Writes the generated reference pages. With --check it writes nothing, and exits with 1 when a page is out of date. */
export async function referenceCommand(args: string[], morePages: Pages = {}): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ args, options: { check: flag, help: flag } });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  let outdated = 0;
  const pages: Pages = { ...referencePages, ...morePages };
  for (const [name, render] of Object.entries(pages)) {
    const file = join(folder, name);
    const page = await render();
    const before = await readFile(file, 'utf8').catch(() => '');
    if (before === page) continue;
    outdated++;
    if (values.check) process.stderr.write(`${file} is out of date. Run: npm run docs\n`);
    else await writeFile(file, page);
  }
  return values.check && outdated > 0 ? 1 : 0;
}
