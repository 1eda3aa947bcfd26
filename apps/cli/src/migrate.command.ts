import type { Connection } from '@temporalio/client';
import { createClient, isForbidden, registerSearchAttributes } from '#libs/engine/index.js';
import { createOwnerDataSource, grantSandboxClock, refuseMovedClock } from '#libs/event-store/index.js';
import { clientDeadlines } from '../../../temporal.config.js';
import { readCliConfig, required } from './stack.js';

/**
 * Applies the migrations that are missing, as the owner of the tables, lets the application move the clock in sandbox mode alone, and registers
 * what claims are found by in Temporal.
 */
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
  } finally {
    await source.destroy();
  }
  await prepareNamespace();
  return 0;
}

/** Claims run without search attributes, so that nothing here makes the command fail. */
async function prepareNamespace(): Promise<void> {
  const { temporal, codecKeys } = readCliConfig();
  const { address, namespace, apiKey, tls } = temporal;
  if (address === null) {
    process.stdout.write('TEMPORAL_ADDRESS is not set: the search attributes of claims were not looked after.\n');
    return;
  }
  const { client, close } = createClient({ address, namespace, apiKey, useTls: tls }, codecKeys);
  try {
    const added = await client.withDeadline(Date.now() + clientDeadlines.fastForward, () =>
      registerSearchAttributes(client.connection as Connection, namespace),
    );
    process.stdout.write(
      added.length === 0
        ? `The namespace ${namespace} has every search attribute.\n`
        : `Registered in the namespace ${namespace}: ${added.join(', ')}.\n`,
    );
  } catch (error) {
    process.stderr.write(
      `${whyNot(error, namespace, address)}\nClaims run without them; operators cannot find claims by them in Temporal.\n`,
    );
  } finally {
    await close();
  }
}

function whyNot(error: unknown, namespace: string, address: string): string {
  const missing = 'Keywords ClaimPhase and ClaimPartner, Datetime ClaimAlarmAt';
  if (isForbidden(error)) {
    return `These credentials may not register search attributes in the namespace ${namespace}. Have its administrator add: ${missing}.`;
  }
  const { details } = error as { details?: string };
  return `The search attributes were not registered in the namespace ${namespace} at ${address}: ${details ?? (error as Error).message}. Run this again when Temporal answers.`;
}
