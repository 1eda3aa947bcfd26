import { parseArgs } from 'node:util';
import type { Connection } from '@temporalio/client';
import { createClient, isForbidden, registerSearchAttributes } from '#libs/engine/index.js';
import { createOwnerDataSource, grantSandboxClock, refuseMovedClock } from '#libs/event-store/index.js';
import { clientDeadlines } from '../../../temporal.config.js';
import { readCliConfig, required } from './stack.js';

export const usage = `Usage: cpor migrate

Applies the migrations that the database lacks, and registers the claims' search attributes with Temporal.
Needs DATABASE_OWNER_URL, the account that owns the tables. Running it again changes nothing.
`;

/**
 * Applies the missing migrations as the owner of the tables, allows the application to move the clock in sandbox mode only, and registers the
 * claims' search attributes with Temporal.
 */
export async function migrateCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { help: { type: 'boolean', default: false } } });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const { database, mode } = readCliConfig();
  const source = await createOwnerDataSource(required(database.ownerUrl ?? database.url, 'DATABASE_OWNER_URL')).initialize();
  try {
    await refuseMovedClock(source, mode);
    const applied = await source.runMigrations();
    await grantSandboxClock(source, mode);
    process.stdout.write(
      applied.length === 0 ? 'The database is up to date.\n' : `Applied: ${applied.map(({ name }) => name).join(', ')}.\n`,
    );
  } finally {
    await source.destroy();
  }
  await prepareNamespace();
  return 0;
}

/** Never fails the command: claims run without search attributes. */
async function prepareNamespace(): Promise<void> {
  const { temporal, codecKeys } = readCliConfig();
  const { address, namespace, apiKey, tls } = temporal;
  if (address === null) {
    process.stdout.write('TEMPORAL_ADDRESS is not set, so the search attributes of claims were not registered.\n');
    return;
  }
  const { client, close } = createClient({ address, namespace, apiKey, useTls: tls }, codecKeys);
  try {
    const added = await client.withDeadline(Date.now() + clientDeadlines.fastForward, () =>
      registerSearchAttributes(client.connection as Connection, namespace),
    );
    process.stdout.write(
      added.length === 0
        ? `The namespace ${namespace} already has all search attributes.\n`
        : `Registered in the namespace ${namespace}: ${added.join(', ')}.\n`,
    );
  } catch (error) {
    process.stderr.write(
      `${failureText(error, namespace, address)}\nClaims run without them, but cannot be searched for by them in Temporal.\n`,
    );
  } finally {
    await close();
  }
}

function failureText(error: unknown, namespace: string, address: string): string {
  const missing = 'Keywords ClaimPhase and ClaimPartner, Datetime ClaimAlarmAt';
  if (isForbidden(error)) {
    return `These credentials are not allowed to register search attributes in the namespace ${namespace}. Ask its administrator to add: ${missing}.`;
  }
  const { details } = error as { details?: string };
  return `Could not register the search attributes in the namespace ${namespace} at ${address}: ${details ?? (error as Error).message}. Run the command again when Temporal is available.`;
}
