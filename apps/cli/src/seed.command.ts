import { createDataSource } from '#libs/event-store/index.js';
import { loadSampleData } from '#libs/sample-data/index.js';
import { readCliConfig, required } from './stack.js';

/** Loads the sample data; what is there already stays as it is. */
export async function seedCommand(): Promise<number> {
  const source = await createDataSource(required(readCliConfig().database.url, 'DATABASE_URL')).initialize();
  try {
    const { policies, calendars } = await loadSampleData(source);
    process.stdout.write(`Sample data is loaded: ${policies} programmes, ${calendars} calendars, and the customer directory.\n`);
    return 0;
  } finally {
    await source.destroy();
  }
}
