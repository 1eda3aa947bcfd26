import { createOwnerDataSource } from '#libs/event-store/index.js';
import { readCliConfig, required } from './stack.js';

/** Applies the migrations that are missing, as the owner of the tables. */
export async function migrateCommand(): Promise<number> {
  const { ownerUrl, url } = readCliConfig().database;
  const source = await createOwnerDataSource(required(ownerUrl ?? url, 'DATABASE_OWNER_URL')).initialize();
  try {
    const applied = await source.runMigrations();
    process.stdout.write(
      applied.length === 0 ? 'The database is up to date.\n' : `Applied: ${applied.map(({ name }) => name).join(', ')}.\n`,
    );
    return 0;
  } finally {
    await source.destroy();
  }
}
