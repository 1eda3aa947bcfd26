import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { DataSource } from 'typeorm';
import {
  type Document,
  parseYaml,
  programmeType,
  type PublicationOutcome,
  publish,
  publishedVersions,
  withdrawVersion,
} from '#libs/publications/index.js';
import { openDatabase, readCliConfig } from './stack.js';

const usage = `Usage: cpor programme FILE [--dry-run]
       cpor programme --withdraw NAME@VERSION

Publishes a programme from a YAML or JSON file that states its name. For all but the first it
states its version too, one after the latest, so that nobody's changes are lost.

  --dry-run   tells what would change and what would be refused, and writes nothing
  --withdraw  takes back a version that is not in force yet
`;

/** Publishes a programme from a file, or takes a version back; exit code 1 when it is refused, 2 for wrong arguments. */
export async function programmeCommand(args: string[]): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const options = { 'dry-run': flag, withdraw: { type: 'string' }, help: flag } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [file] = positionals;
  if (values.help || (file === undefined) === (values.withdraw === undefined)) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  if (values.withdraw !== undefined) return withdraw(values.withdraw);
  return publishFile(file!, values['dry-run']);
}

async function publishFile(file: string, isDryRun: boolean): Promise<number> {
  const parsed = parseYaml(await readFile(file, 'utf8'));
  if (!parsed.ok) throw new Error(`${file}: ${parsed.message}`);
  const document = parsed.value as Document;
  const name = typeof document['name'] === 'string' ? document['name'] : '';
  return withSource(async (source, allowSeconds) => {
    const request = { name, document, by: 'cli', seen: undefined, isDryRun };
    return report(await publish(source, programmeType({ allowSeconds }), request));
  });
}

async function withdraw(reference: string): Promise<number> {
  const [, name, number] = /^([^@]+)@(\d+)$/.exec(reference) ?? [];
  if (name === undefined) throw new Error(`"${reference}" does not name a version such as sample@3.`);
  const version = Number(number);
  return withSource(async (source) => {
    const isKnown = (await publishedVersions(source, 'policies', name)).some((one) => one.version === version);
    const isWithdrawn = isKnown && (await withdrawVersion(source, name, version, 'cli'));
    const refusal = isKnown ? `version ${version} is in force, or about to be, or claims name it` : 'there is no such version';
    process.stdout.write(isWithdrawn ? `Version ${version}: withdrawn.\n` : `Refused: ${refusal}.\n`);
    return isWithdrawn ? 0 : 1;
  });
}

async function withSource(act: (source: DataSource, allowSeconds: boolean) => Promise<number>): Promise<number> {
  const config = readCliConfig();
  const source = await openDatabase(config);
  try {
    return await act(source, config.mode === 'sandbox');
  } finally {
    await source.destroy();
  }
}

function report(outcome: PublicationOutcome): number {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  if ('latest' in outcome) {
    print(`Refused: version ${outcome.latest} is published; state version ${outcome.next} in the file.`);
    return 1;
  }
  if ('changes' in outcome)
    for (const { path, from, to } of outcome.changes) print(`${path}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`);
  if ('warnings' in outcome) for (const { path, code, message } of outcome.warnings) print(`WARNING ${path}: ${message} (${code}).`);
  for (const { path, code, message } of outcome.faults) print(`FAULT ${path || 'the document'}: ${message} (${code}).`);
  print('version' in outcome ? `Version ${outcome.version}: ${outcome.result.replaceAll('_', ' ')}.` : 'Refused: nothing was written.');
  return outcome.faults.length === 0 ? 0 : 1;
}
