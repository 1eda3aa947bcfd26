import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createDataSource } from '#libs/event-store/index.js';
import { type Document, parseYaml, programmeKind, type PublicationOutcome, publish } from '#libs/publications/index.js';
import { readCliConfig, required } from './stack.js';

const usage = `Usage: cpor programme FILE [--dry-run]

Publishes a programme from a YAML or JSON file that states its name. For all but the first it
states its version too, one after the latest, so that nobody's changes are lost.

  --dry-run  tells what would change and what would be refused, and writes nothing
`;

/** Publishes a programme from a file; exit code 1 when it is refused, 2 for wrong arguments. */
export async function programmeCommand(args: string[]): Promise<number> {
  const options = { 'dry-run': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [file] = positionals;
  if (file === undefined || values.help) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  const parsed = parseYaml(await readFile(file, 'utf8'));
  if (!parsed.ok) throw new Error(`${file}: ${parsed.message}`);
  const document = parsed.value as Document;
  const name = typeof document['name'] === 'string' ? document['name'] : '';
  const config = readCliConfig();
  const source = await createDataSource(required(config.database.url, 'DATABASE_URL'), { poolSize: 2 }).initialize();
  try {
    const kind = programmeKind({ allowSeconds: config.mode === 'sandbox' });
    const request = { name, document, by: 'cli', seen: undefined, isDryRun: values['dry-run'] };
    return report(await publish(source, kind, request));
  } finally {
    await source.destroy();
  }
}

function report(outcome: PublicationOutcome): number {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  if ('latest' in outcome) {
    print(`Refused: version ${outcome.latest} is published; state version ${outcome.latest + 1} in the file.`);
    return 1;
  }
  if ('changes' in outcome)
    for (const { path, from, to } of outcome.changes) print(`${path}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`);
  for (const { path, code, message } of outcome.faults) print(`FAULT ${path || 'the document'}: ${message} (${code}).`);
  print('version' in outcome ? `Version ${outcome.version}: ${outcome.result.replaceAll('_', ' ')}.` : 'Refused: nothing was written.');
  return outcome.faults.length === 0 ? 0 : 1;
}
