import { loadSampleData } from '#libs/sample-data/index.js';
import { openDatabase, readCliConfig } from './stack.js';

/** Loads the sample data. What exists already stays as it is. */
export async function seedCommand(): Promise<number> {
  const source = await openDatabase(readCliConfig());
  try {
    const { policies, calendars } = await loadSampleData(source);
    process.stdout.write(`Loaded the sample data: ${policies} programmes, ${calendars} calendars and the customer directory.\n`);
    return 0;
  } finally {
    await source.destroy();
  }
}
