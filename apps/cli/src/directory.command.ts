import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { QueryRunner } from 'typeorm';
import {
  type DirectoryFault,
  type DirectoryTableFile,
  importDirectory,
  type ImportedTable,
  importedTables,
  importTables,
  type ProductName,
  type TableChanges,
  type TableFault,
} from '#libs/directory/index.js';
import { readClock } from '#libs/event-store/index.js';
import { findRepeatedKey } from '#libs/json/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { openDatabase, readCliConfig } from './stack.js';

export const usage = `Usage: cpor directory import [--dry-run] [--replace] [FILE...] [--customers FILE] [--admins FILE] [--subscriptions FILE]
                             [--workloads FILE] [--locations FILE] [--enrolments FILE]

Updates the built-in customer directory: all of the files are imported, or none. FILE is a JSON document. The files of the
options are tables (CSV) with the columns that Partner Center exports; each option can be repeated.

Records of the files are added, or updated if they exist. All others stay as they are, unless you say:

  --replace   the files are complete: what the directory has of their kinds, and they do not, is removed
  --dry-run   report what would be added, changed and removed, and write nothing
`;

const tableNames = Object.keys(importedTables) as ImportedTable[];
const shownFaults = 20;

interface Files {
  documents: string[];
  tables: { table: ImportedTable; file: string }[];
}

/** Imports directory documents and tables. Exits with 1, and lists every fault, when one of them is not valid. */
export async function directoryCommand(args: string[]): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const list = { type: 'string', multiple: true, default: [] as string[] } as const;
  const tables = Object.fromEntries(tableNames.map((table) => [table, list])) as Record<ImportedTable, typeof list>;
  const options = { 'dry-run': flag, replace: flag, help: flag, ...tables };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [verb, ...documents] = positionals;
  const files: Files = { documents, tables: tableNames.flatMap((table) => values[table].map((file) => ({ table, file }))) };
  if (values.help || verb !== 'import' || documents.length + files.tables.length === 0) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  const source = await openDatabase(readCliConfig());
  const runner = source.createQueryRunner();
  try {
    const products = await productNames(new ProgrammeLibrary(source), await readClock(source));
    await runner.startTransaction();
    const isImported = await importAll(runner, files, { products, replaces: values.replace });
    if (!isImported || values['dry-run']) await runner.rollbackTransaction();
    else await runner.commitTransaction();
    if (isImported && values['dry-run']) process.stdout.write('Nothing was written.\n');
    return isImported ? 0 : 1;
  } finally {
    await runner.release();
    await source.destroy();
  }
}

/** Imports the files in one transaction, which the caller ends. Returns whether all of them are valid. */
async function importAll(runner: QueryRunner, files: Files, options: { products: ProductName[]; replaces: boolean }): Promise<boolean> {
  for (const file of files.documents) {
    const done = await importDirectory(runner, await readJson(file), options);
    if (!done.ok) return refuse(done.faults.map((fault) => documentFault(file, fault)));
    process.stdout.write(`${file}\n`);
    printChanges(done.changes);
  }
  if (files.tables.length === 0) return true;
  const tables = files.tables.map(({ table, file }): DirectoryTableFile => ({ table, file, bytes: createReadStream(file) }));
  const done = await importTables(runner, tables, options);
  if (!done.ok) return refuse(done.faults.map(tableFault));
  for (const { file, rows, used, ignored } of done.files) {
    const left = ignored.length === 0 ? '' : ` Ignored: ${ignored.join(', ')}.`;
    process.stdout.write(`${file}: ${rows} ${rows === 1 ? 'row' : 'rows'}. Columns: ${used.join(', ')}.${left}\n`);
  }
  printChanges(done.changes);
  for (const { accountId, globalPartnerId, legalName } of done.accounts)
    process.stdout.write(`Account of ${globalPartnerId} (${legalName}): ${accountId}\n`);
  if (done.unknownProducts.length > 0)
    process.stdout.write(
      `No programme knows these products; add their names as synonyms to one that covers them: ${done.unknownProducts.join(', ')}\n`,
    );
  return true;
}

/** Codes, labels and synonyms of the products of every programme in force. */
async function productNames(library: ProgrammeLibrary, at: string): Promise<ProductName[]> {
  const policies = await Promise.all((await library.programmes()).map((name) => library.policyInForce(name, at)));
  return policies.flatMap((policy) =>
    (policy?.products ?? []).flatMap(({ code, label, synonyms, unit, family }) =>
      [code, label.en, label.ru, ...synonyms].map((name) => ({ name: name.toLowerCase(), code, unit, family })),
    ),
  );
}

function printChanges(changes: TableChanges[]): void {
  const row = (cells: (string | number)[]) =>
    `  ${String(cells[0]).padEnd(16)}${cells
      .slice(1)
      .map((cell) => String(cell).padStart(11))
      .join('')}\n`;
  process.stdout.write(row(['', 'added', 'changed', 'removed', 'unchanged']));
  for (const { label, added, changed, removed, unchanged } of changes)
    process.stdout.write(row([label, added, changed, removed, unchanged]));
}

async function readJson(file: string): Promise<unknown> {
  const text = (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const hint = /\.(csv|tsv|txt)$/i.test(file)
      ? ` If it is a table, say which: ${tableNames.map((table) => `--${table}`).join(', ')}.`
      : '';
    throw new Error(`${file} is not valid JSON.${hint}`);
  }
  const repeated = findRepeatedKey(text);
  if (repeated === null) return value;
  throw new Error(`${file}: the key "${repeated.key}" occurs twice in one object, at line ${repeated.line}, column ${repeated.column}.`);
}

const documentFault = (file: string, { path, message }: DirectoryFault): string => `${file}: ${path === '' ? '' : `${path}: `}${message}`;
const tableFault = ({ file, line, column, message }: TableFault): string =>
  `${file}:${line}: ${column === null ? '' : `column ${column}: `}${message}`;

function refuse(faults: string[]): false {
  for (const fault of faults.slice(0, shownFaults)) process.stderr.write(`${fault}\n`);
  if (faults.length > shownFaults) process.stderr.write(`and ${faults.length - shownFaults} more.\n`);
  process.stderr.write('Nothing was imported.\n');
  return false;
}
