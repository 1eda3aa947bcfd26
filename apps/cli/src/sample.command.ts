import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { createDataSource, readClock } from '#libs/event-store/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { readCliConfig } from './stack.js';

export const usage = `Usage: npm run -s cpor -- sample [FILE]

Writes a sample statement of work (PDF), signed a month ago, to upload as evidence in the sandbox. Prints the date of the signature and
nothing else:
  SIGNED=$(npm run -s cpor -- sample statement-of-work.pdf)

  FILE   the file to write; default statement-of-work.pdf
`;

const dayMs = 86_400_000;
const daysSinceSignature = 30;

/** Writes a sample piece of evidence. */
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

/** Returns the time of the running sandbox, whose clock may be ahead, or this machine's time when none is running. */
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
