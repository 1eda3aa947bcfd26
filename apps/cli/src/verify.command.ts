import type { DataSource } from 'typeorm';
import { verifyAccessLogs } from '#libs/access-log/index.js';
import { verifyChains } from '#libs/event-store/index.js';
import { openDatabase, readCliConfig } from './stack.js';

const reasons = {
  hash_differs: 'the event is not as it was written',
  event_missing: 'the event is missing',
  events_missing_at_end: 'events are missing at the end',
};

const logReasons = {
  hash_differs: 'the entry is not as it was written',
  entry_missing: 'the entry is missing',
  entries_missing_at_end: 'entries are missing at the end',
  entry_added: 'the entry was added from outside',
};

/** Checks the hash chains of every claim and of every customer's access log; exit code 1 and a line per broken one when one was tampered with. */
export async function verifyCommand(): Promise<number> {
  const source = await openDatabase(readCliConfig());
  try {
    const broken = (await verifyClaims(source)) + (await verifyLogs(source));
    return broken === 0 ? 0 : 1;
  } finally {
    await source.destroy();
  }
}

async function verifyClaims(source: DataSource): Promise<number> {
  let [claims, events, broken] = [0, 0, 0];
  for await (const page of verifyChains(source.manager)) {
    claims += page.claims;
    events += page.events;
    broken += page.broken.length;
    for (const { claimId, version, reason } of page.broken) {
      process.stdout.write(`BROKEN claim ${claimId} at version ${version}: ${reasons[reason]}.\n`);
    }
  }
  process.stdout.write(`Checked ${events} events of ${claims} claims: ${verdict(broken)}.\n`);
  return broken;
}

async function verifyLogs(source: DataSource): Promise<number> {
  let [logs, entries, broken] = [0, 0, 0];
  for await (const page of verifyAccessLogs(source.manager)) {
    logs += page.logs;
    entries += page.entries;
    broken += page.broken.length;
    for (const { tenantId, sequence, reason } of page.broken) {
      process.stdout.write(`BROKEN access log of tenant ${tenantId} at entry ${sequence}: ${logReasons[reason]}.\n`);
    }
  }
  process.stdout.write(`Checked ${entries} entries of ${logs} access logs: ${verdict(broken)}.\n`);
  return broken;
}

const verdict = (broken: number): string => (broken === 0 ? 'every chain is whole' : `${broken} broken`);
