import { createDataSource, verifyChains } from '#libs/event-store/index.js';
import { readCliConfig, required } from './stack.js';

const reasons = {
  hash_differs: 'the event is not as it was written',
  event_missing: 'the event is missing',
  events_missing_at_end: 'events are missing at the end',
};

/** Checks the hash chain of every claim; exit code 1 and a line per broken claim when one was tampered with. */
export async function verifyCommand(): Promise<number> {
  const source = await createDataSource(required(readCliConfig().database.url, 'DATABASE_URL'), { poolSize: 2 }).initialize();
  let claims = 0;
  let events = 0;
  let broken = 0;
  try {
    for await (const page of verifyChains(source.manager)) {
      claims += page.claims;
      events += page.events;
      broken += page.broken.length;
      for (const { claimId, version, reason } of page.broken) {
        process.stdout.write(`BROKEN claim ${claimId} at version ${version}: ${reasons[reason]}.\n`);
      }
    }
  } finally {
    await source.destroy();
  }
  process.stdout.write(`Checked ${events} events of ${claims} claims: ${broken === 0 ? 'every chain is whole' : `${broken} broken`}.\n`);
  return broken === 0 ? 0 : 1;
}
