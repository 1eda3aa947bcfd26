import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { createDataSource, readClock } from '#libs/event-store/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { readCliConfig } from './stack.js';

const usage = `Usage: npm run -s cpor -- sample [FILE]

Writes a statement of work as PDF, signed by a customer a month ago, to be uploaded as evidence in the sandbox, and prints the date of its
signature, and nothing else:
  SIGNED=$(npm run -s cpor -- sample statement-of-work.pdf)

  FILE   where to write it; statement-of-work.pdf by default
`;

const dayMs = 86_400_000;
const daysSinceSignature = 30;

/** Writes a sample of evidence, for trials. */
export async function sampleCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { help: { type: 'boolean', default: false } }, allowPositionals: true });
  const [file = 'statement-of-work.pdf', ...more] = positionals;
  if (values.help || more.length > 0) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  const signedOn = new Date(Date.parse(await productTime()) - daysSinceSignature * dayMs).toISOString().slice(0, 10);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(
    file,
    statementOfWork(['Statement of work', 'A sample for the sandbox of cpor.', `Signed by the customer on ${signedOn}`]),
  );
  process.stdout.write(`${signedOn}\n`);
  return 0;
}

/** The time of the sandbox that runs here, whose clock may be ahead; this machine's where none runs. */
async function productTime(): Promise<string> {
  const { url } = readCliConfig().database;
  if (url === null) return new Date().toISOString();
  const source = await createDataSource(url, { poolSize: 1, applicationName: 'cpor sample' }).initialize();
  try {
    return await readClock(source);
  } finally {
    await source.destroy();
  }
}
