import type { DataSource } from 'typeorm';
import { createDataSource, type DatabaseAccess } from './data-source.js';

type Mode = 'sandbox' | 'production';

/** A production process was started on a database whose clock a sandbox has moved. */
export class SandboxClockMoved extends Error {
  override readonly name = 'SandboxClockMoved';
  constructor(by: string) {
    super(
      `This database was a sandbox: its clock is off by ${by}, so that every deadline would pass at the wrong time. ` +
        'Production needs a database of its own: create an empty one, set DATABASE_URL and DATABASE_OWNER_URL to it, and run "cpor migrate". ' +
        'To use this one as a sandbox, set CPOR_MODE=sandbox.',
    );
  }
}

/**
 * Refuses to run production on a database whose clock was moved.
 * @throws SandboxClockMoved
 */
export async function refuseMovedClock(source: DataSource, mode: Mode): Promise<void> {
  if (mode === 'sandbox') return;
  const [table] = await source.query<[{ isThere: boolean }]>(`SELECT to_regclass('sandbox_clock') IS NOT NULL AS "isThere"`);
  if (!table.isThere) return;
  const [moved] = await source.query<{ by: string }[]>(
    `SELECT justify_interval(ahead)::text AS by FROM sandbox_clock WHERE ahead <> interval '0'`,
  );
  if (moved !== undefined) throw new SandboxClockMoved(moved.by);
}

/**
 * Opens the database for a process of this installation.
 * @throws SandboxClockMoved
 */
export async function openDatabase(url: string, mode: Mode, access: DatabaseAccess): Promise<DataSource> {
  const source = await createDataSource(url, access).initialize();
  try {
    await refuseMovedClock(source, mode);
    return source;
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

/** Lets the application move the clock in sandbox mode, and in no other. `owner` owns the tables. */
export async function grantSandboxClock(owner: DataSource, mode: Mode): Promise<void> {
  await owner.query(
    mode === 'sandbox'
      ? 'GRANT INSERT, UPDATE ON sandbox_clock TO cpor_app'
      : 'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON sandbox_clock FROM cpor_app, PUBLIC',
  );
}
