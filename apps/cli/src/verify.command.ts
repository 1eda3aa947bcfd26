import { parseArgs } from 'node:util';
import type { DataSource } from 'typeorm';
import { verifyAccessLogs } from '#libs/access-log/index.js';
import { verifyChains } from '#libs/event-store/index.js';
import {
  checkSignature,
  compareWithCheckpoint,
  type RecordFault,
  type SignedCheckpoint,
  verifyCheckpoints,
  verifyClaims,
  verifyEvidence,
  verifyFeed,
} from '#libs/audit-trail/index.js';
import { verifyStates } from '#libs/inbox/index.js';
import { verifySnapshots } from '#libs/snapshots/index.js';
import { readKey } from './checkpoint.command.js';
import { openDatabase, readCliConfig } from './stack.js';
import { verifyFile } from './verify-file.js';
import { anchorText, chainReasons, faultText, feedText, logReasons, snapshotReasons } from './verify-texts.js';

export const usage = `Usage: cpor verify [--checkpoint FILE] [--key FILE]
       cpor verify --file RECEIPT [--certificate FILE] [--json]

Checks that nobody has tampered with events, commands, stored states, evidence, access logs or snapshots. Prints a line that begins with BROKEN for each
fault, and exits with 1 if there is any.

  --checkpoint FILE  a file written by "cpor checkpoint": also checks that nothing has been removed or changed since then
  --key FILE         public or private half (PEM) of the key that signed it; default CPOR_CHECKPOINT_KEY_FILE

With --file, checks the seal of a receipt instead, without a database. Exits with 0 only if this installation sealed the file and nothing was changed
or added since.

  --file RECEIPT      a PDF
  --certificate FILE  certificates (PEM) of the installation; default CPOR_SEAL_FILE, or the sandbox's own
  --json              prints what was found as JSON
`;

const options = {
  checkpoint: { type: 'string' },
  key: { type: 'string' },
  file: { type: 'string' },
  certificate: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Verifies the audit trail, on request against a checkpoint. Exits with 1, and prints a line per fault, when it was tampered with. */
export async function verifyCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const config = readCliConfig();
  if (values.file !== undefined) return verifyFile({ ...values, file: values.file }, config, (line) => process.stdout.write(`${line}\n`));
  if (values.certificate !== undefined || values.json)
    throw new Error('--certificate and --json belong to --file: name the receipt with it.');
  const file = values.checkpoint;
  const signed = file === undefined ? null : await checkSignature(file, await readKey(values.key ?? config.checkpoints.keyFile, 'public'));
  const source = await openDatabase(config);
  try {
    const broken = await verifyRecord(source, signed, (line) => process.stdout.write(`${line}\n`));
    return broken === 0 ? 0 : 1;
  } finally {
    await source.destroy();
  }
}

type Print = (line: string) => void;

/** Verifies everything, prints a line per fault and a summary per kind of record, and returns the number of faults. */
export async function verifyRecord(source: DataSource, signed: SignedCheckpoint | null, print: Print): Promise<number> {
  let broken = await verifyEventChains(source, print);
  broken += await verifyClaimStates(source, print);
  broken += await verifyParts(source, print);
  broken += await verifyLogs(source, print);
  broken += await verifySharedVersions(source, print);
  broken += await verifyFeedOrder(source, print);
  return broken + (await verifyAnchors(source, signed, print));
}

async function verifyEventChains(source: DataSource, print: Print): Promise<number> {
  let [claims, events, broken] = [0, 0, 0];
  for await (const page of verifyChains(source.manager)) {
    claims += page.claims;
    events += page.events;
    broken += page.broken.length;
    for (const { claimId, version, reason } of page.broken)
      print(`BROKEN claim ${claimId} at version ${version}: ${chainReasons[reason]}.`);
  }
  print(`Checked ${events} events of ${claims} claims: ${verdict(broken)}.`);
  return broken;
}

async function verifyClaimStates(source: DataSource, print: Print): Promise<number> {
  let [states, broken] = [0, 0];
  for await (const { checked, changed } of verifyStates(source.manager)) {
    states += checked;
    broken += changed.length;
    for (const claimId of changed) print(`BROKEN claim ${claimId}: its stored state does not follow from its events.`);
  }
  print(`Checked ${states} stored states against their events: ${broken === 0 ? 'none differs' : `${broken} differ`}.`);
  return broken;
}

async function verifyParts(source: DataSource, print: Print): Promise<number> {
  let broken = 0;
  for (const [what, pages] of [
    ['commands', verifyClaims(source)],
    ['evidence files', verifyEvidence(source)],
  ] as const) {
    let [checked, found] = [0, 0];
    for await (const page of pages) {
      checked += page.checked;
      found += page.faults.length;
      for (const fault of page.faults) print(`BROKEN ${faultText(fault)}.`);
    }
    print(`Checked ${checked} ${what}: ${found === 0 ? 'none was changed' : `${found} broken`}.`);
    broken += found;
  }
  return broken;
}

async function verifyLogs(source: DataSource, print: Print): Promise<number> {
  let [logs, entries, broken] = [0, 0, 0];
  for await (const page of verifyAccessLogs(source.manager)) {
    logs += page.logs;
    entries += page.entries;
    broken += page.broken.length;
    for (const { tenantId, sequence, reason } of page.broken) {
      print(`BROKEN access log of tenant ${tenantId} at entry ${sequence}: ${logReasons[reason]}.`);
    }
  }
  print(`Checked ${entries} entries of ${logs} access logs: ${verdict(broken)}.`);
  return broken;
}

async function verifySharedVersions(source: DataSource, print: Print): Promise<number> {
  let [snapshots, entries, broken] = [0, 0, 0];
  for await (const page of verifySnapshots(source.manager)) {
    snapshots += page.snapshots;
    entries += page.entries;
    broken += page.broken.length;
    for (const { snapshotId, reason } of page.broken) print(`BROKEN snapshot ${snapshotId}: ${snapshotReasons[reason]}.`);
  }
  print(`Checked ${entries} entries of ${snapshots} snapshots: ${verdict(broken)}.`);
  return broken;
}

async function verifyFeedOrder(source: DataSource, print: Print): Promise<number> {
  let [places, broken] = [0, 0];
  for await (const { checked, faults } of verifyFeed(source.manager)) {
    places += checked;
    broken += faults.length;
    for (const fault of faults) print(`BROKEN ${feedText(fault)}.`);
  }
  print(`Checked ${places} places of the event feed: ${verdict(broken)}.`);
  return broken;
}

/** Compares the database with a checkpoint file, if there is one, and with what it keeps of its own checkpoints. */
async function verifyAnchors(source: DataSource, signed: SignedCheckpoint | null, print: Print): Promise<number> {
  let [claims, broken] = [0, 0];
  const known = new Set<string>();
  const printAll = (faults: RecordFault[]) => {
    for (const fault of faults) print(`BROKEN ${faultText(fault)}.`);
    broken += faults.length;
  };
  if (signed !== null) {
    for await (const page of compareWithCheckpoint(source.manager, signed)) {
      claims += page.claims;
      printAll(page.faults);
      for (const { kind, number } of page.faults) if (kind === 'claim_missing') known.add(number!);
      for (const fault of page.anchors) print(`BROKEN ${anchorText(fault)}.`);
      broken += page.anchors.length;
    }
  }
  const { made, faults, anchors } = await verifyCheckpoints(source.manager, signed);
  printAll(faults.filter(({ number }) => !known.has(number!)));
  for (const fault of anchors) print(`BROKEN ${anchorText(fault)}.`);
  broken += anchors.length;
  const result = broken === 0 ? 'nothing is missing or changed' : `${broken} broken`;
  if (signed !== null) print(`Compared ${claims} claims with checkpoint ${signed.head.number} of ${signed.head.madeAt}: ${result}.`);
  else if (made === 0) print('There is no checkpoint yet, so missing claims cannot be detected. Create one with "cpor checkpoint".');
  else print(`Compared the claim numbers with ${made} checkpoints: ${broken === 0 ? 'no claim is missing' : `${broken} broken`}.`);
  return broken;
}

const verdict = (broken: number): string => (broken === 0 ? 'every chain is intact' : `${broken} broken`);
