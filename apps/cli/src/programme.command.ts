import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { DataSource } from 'typeorm';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import {
  claimEffects,
  type ClaimEffects,
  type Document,
  parseYaml,
  programmeType,
  type PublicationOutcome,
  publish,
  publishedVersions,
  withdrawVersion,
} from '#libs/publications/index.js';
import { openDatabase, readCliConfig } from './stack.js';

export const usage = `Usage: cpor programme FILE [--dry-run]
       cpor programme --withdraw NAME@VERSION

Publishes a programme from a YAML or JSON file. The file states the programme's name and, from the
second version on, its version: the latest one plus 1, so that nobody's changes get lost.

  --dry-run   report changes, faults and what claims would notice, and write nothing
  --withdraw  withdraw a version that is not in force yet
`;

/** Publishes a programme from a file, or withdraws a version. Exits with 1 when that is refused, with 2 for wrong arguments. */
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
    const type = programmeType({ allowSeconds });
    const outcome = await publish(source, type, { name, document, by: 'cli', seen: undefined, isDryRun });
    const next = type.parse({ ...document, version: 'version' in outcome ? outcome.version : undefined });
    const isForeseen = outcome.result === 'would_publish' && next.ok;
    return report(outcome, isForeseen ? await claimEffects(source, new ProgrammeLibrary(source), next.body) : null);
  });
}

async function withdraw(reference: string): Promise<number> {
  const [, name, number] = /^([^@]+)@(\d+)$/.exec(reference) ?? [];
  if (name === undefined) throw new Error(`"${reference}" is not a version; write NAME@VERSION, such as sample@3.`);
  const version = Number(number);
  return withSource(async (source) => {
    const isKnown = (await publishedVersions(source, 'policies', name)).some((published) => published.version === version);
    const isWithdrawn = isKnown && (await withdrawVersion(source, name, version, 'cli'));
    const refusal = isKnown ? `version ${version} is in force, or about to be, or claims use it` : 'there is no such version';
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

function report(outcome: PublicationOutcome, effects: ClaimEffects | null): number {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  if ('latest' in outcome) {
    print(`Refused: the latest version is ${outcome.latest}; write version ${outcome.next} in the file.`);
    return 1;
  }
  if ('changes' in outcome)
    for (const { path, from, to } of outcome.changes) print(`${path}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`);
  if ('warnings' in outcome) for (const { path, code, message } of outcome.warnings) print(`WARNING ${path}: ${message} (${code}).`);
  for (const { path, code, message } of outcome.faults) print(`FAULT ${path || 'the document'}: ${message} (${code}).`);
  if (effects !== null) for (const line of effectLines(effects)) print(line);
  print('version' in outcome ? `Version ${outcome.version}: ${outcome.result.replaceAll('_', ' ')}.` : 'Refused: nothing was written.');
  return outcome.faults.length === 0 ? 0 : 1;
}

function effectLines({ clocks, kept, drafts, draftsChecked, draftsRefused, refusals, isCapped }: ClaimEffects): string[] {
  return [
    ...clocks.map(({ field, ahead, running }) => `CLAIMS ${field}: new length for ${ahead}, and a running one stays in ${running}.`),
    `CLAIMS submitted, which keep their version: ${kept}.`,
    `CLAIMS in draft, which follow this one: ${drafts}; checked: ${draftsChecked}; refused for what is allowed today: ${draftsRefused}.`,
    ...refusals.map(({ code, drafts: count, message, examples }) => `CLAIMS ${code}: ${count}, such as ${examples.join(', ')}. ${message}`),
    ...(isCapped ? ['CLAIMS were not all read, so each number is the least it can be.'] : []),
  ];
}
