import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type DirectoryFault, importDirectory, parseDirectory } from '#libs/directory/index.js';
import { findRepeatedKey } from '#libs/json/index.js';
import { openDatabase, readCliConfig } from './stack.js';

export const usage = `Usage: cpor directory import [--check] FILE...

Updates the built-in customer directory from JSON documents. Each document is imported completely or not at all. It adds or
updates the records it contains, and leaves all others unchanged.

  --check   validate the documents and write nothing
`;

const shownFaults = 20;

/** Imports directory documents. Exits with 1, and lists every fault, when a document is not valid. */
export async function directoryCommand(args: string[]): Promise<number> {
  const options = { check: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [verb, ...files] = positionals;
  if (values.help || verb !== 'import' || files.length === 0) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  return values.check ? checkAll(files) : importAll(files);
}

async function checkAll(files: string[]): Promise<number> {
  let faulty = 0;
  for (const file of files) {
    const parsed = parseDirectory(await readJson(file));
    if (!parsed.ok) faulty += printFaults(file, parsed.faults);
    else process.stdout.write(`${file}: ${parsed.document.accounts.length} accounts, ${parsed.document.tenants.length} tenants.\n`);
  }
  return faulty > 0 ? 1 : 0;
}

async function importAll(files: string[]): Promise<number> {
  const source = await openDatabase(readCliConfig());
  try {
    for (const file of files) {
      const done = await importDirectory(source, await readJson(file));
      if (!done.ok) {
        printFaults(file, done.faults);
        return 1;
      }
      process.stdout.write(`${file}: ${done.rows} rows read, ${done.written} new or changed.\n`);
    }
    return 0;
  } finally {
    await source.destroy();
  }
}

async function readJson(file: string): Promise<unknown> {
  const text = (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${file} is not valid JSON.`);
  }
  const repeated = findRepeatedKey(text);
  if (repeated === null) return value;
  throw new Error(`${file}: the key "${repeated.key}" occurs twice in one object, at line ${repeated.line}, column ${repeated.column}.`);
}

function printFaults(file: string, faults: DirectoryFault[]): number {
  for (const { path, message } of faults.slice(0, shownFaults))
    process.stderr.write(`${file}: ${path === '' ? '' : `${path}: `}${message}\n`);
  if (faults.length > shownFaults) process.stderr.write(`${file}: and ${faults.length - shownFaults} more.\n`);
  return faults.length;
}
