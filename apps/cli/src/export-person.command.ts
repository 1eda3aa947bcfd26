import { createWriteStream } from 'node:fs';
import { userInfo } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { exportContact } from '#libs/retention/index.js';
import { readAddress } from './erase.command.js';
import { openDatabase, readCliConfig } from './stack.js';

export const usage = `Usage: cpor export-person EMAIL --out FILE [--subject ID] [--by NAME]

Writes everything held about a person to a new JSON file that only you can read.

  EMAIL         the person's e-mail address; "-" reads it from standard input
  --out FILE    the file to write; it must not exist yet
  --subject ID  also include what the person wrote and which usage they read under this id of the identity provider
  --by NAME     who is responsible; default: the operating system account
`;

const options = {
  out: { type: 'string' },
  subject: { type: 'string' },
  by: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Exports everything held about one person, as GDPR article 15 grants. */
export async function exportPersonCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [email] = positionals;
  if (values.help || email === undefined || values.out === undefined || positionals.length > 1) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  const person = { email: await readAddress(email), subject: values.subject };
  const source = await openDatabase(readCliConfig());
  try {
    const pieces = exportContact(source, person, values.by ?? `cli:${userInfo().username}`);
    await pipeline(Readable.from(pieces), createWriteStream(values.out, { flags: 'wx', mode: 0o600 }));
    process.stdout.write(`Wrote ${values.out}.\n`);
    return 0;
  } finally {
    await source.destroy();
  }
}
