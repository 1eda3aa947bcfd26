import { createOwnerDataSource, grantSandboxClock, refuseMovedClock } from '#libs/event-store/index.js';
import { readCliConfig, required } from './stack.js';

/** Applies the migrations that are missing, as the owner of the tables, and lets the application move the clock in sandbox mode alone. */
export async function migrateCommand(): Promise<number> {
  const { database, mode } = readCliConfig();
  const source = await createOwnerDataSource(required(database.ownerUrl ?? database.url, 'DATABASE_OWNER_URL')).initialize();
  try {
    await refuseMovedClock(source, mode);
    const applied = await source.runMigrations();
    await grantSandboxClock(source, mode);
    process.stdout.write(
      applied.length === 0 ? 'The database is up to date.\n' : `Applied: ${applied.map(({ name }) => name).join(', ')}.\n`,
    );
    return 0;
  } finally {
    await source.destroy();
  }
}
