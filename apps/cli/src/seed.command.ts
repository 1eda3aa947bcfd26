import { parseArgs } from 'node:util';
import { loadSampleData } from '#libs/sample-data/index.js';
import { openDatabase, readCliConfig } from './stack.js';

export const usage = `Usage: cpor seed

Loads the sample programmes, calendars and customer directory. Data that exists already is left unchanged.
`;

/** Loads the sample data. Leaves existing data unchanged. */
export async function seedCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { help: { type: 'boolean', default: false } } });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const source = await openDatabase(readCliConfig());
  try {
    const { policies, calendars } = await loadSampleData(source);
    process.stdout.write(`Loaded the sample data: ${policies} programmes, ${calendars} calendars and the customer directory.\n`);
    return 0;
  } finally {
    await source.destroy();
  }
}
