import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { CsvError, parse } from 'csv-parse';
import { shown } from '#libs/claims/index.js';
import { findRepeatedKey } from '#libs/json/index.js';
import { Problem, type ProblemError } from '#libs/problems/index.js';
import { isEmptyRow, namedCells, openTable, readHeading, UnreadableText } from '#libs/tables/index.js';
import { isFreeOfAddresses } from '../http/text.schema.js';
import { noteColumns } from './column.kinds.js';

export type ImportFormat = 'ndjson' | 'csv';

/** Returns the format that a request declares. */
export const formatOf = (headers: IncomingHttpHeaders): ImportFormat =>
  /^text\/csv/i.test(headers['content-type'] ?? '') ? 'csv' : 'ndjson';

/** What the cells of a row say. */
export interface TableRow {
  body: object;
  errors: ProblemError[];
  /** Cells to be compared with the claim, by column, and what is wrong with those that differ. */
  cells?: Record<string, string>;
  unreadable?: ProblemError[];
}

/** How a table is read. */
export interface TableForm {
  columnNames: readonly string[];
  /** Finds what is wrong with a header. */
  headerErrors(header: string[]): ProblemError[];
  read(header: string[], cells: string[]): TableRow;
  /** Returns the column that a field of the body (JSON Pointer) came from. */
  columnOf(pointer: string): string | undefined;
}

/** One row as sent: its body, as far as it can be read, and why it cannot. Numbered from 1, not counting the header and empty lines. */
export type SentRow = { row: number } & (TableRow | { body: null; errors: ProblemError[] });

export const maximumBytes = 64 * 1024 * 1024;
/** Enough for a claim with five inline files of maximum size. */
const maximumRowCharacters = 2 * 1024 * 1024;

/** A request body, read once from its first row to its last, in bounded memory. */
export class SentRows {
  private readonly hash = createHash('sha256');
  private size = 0;

  constructor(
    private readonly body: Readable,
    private readonly format: ImportFormat,
    private readonly table: TableForm,
  ) {}

  /** Reads the rows. Throws a problem if the body is unreadable. */
  read(): AsyncGenerator<SentRow> {
    return this.format === 'csv' ? this.csvRows() : this.jsonRows();
  }

  /** Number of bytes read so far. */
  get bytesRead(): number {
    return this.size;
  }

  /** Returns the hash of the content. Call it only after all rows are read. */
  digest(): string {
    return this.hash.digest('base64url');
  }

  /** Locates an error by its column if the rows are a table. */
  nameOf({ pointer, ...error }: ProblemError): ProblemError {
    const column = this.format === 'csv' && pointer !== undefined ? this.table.columnOf(pointer) : undefined;
    return { ...error, ...(column && { field: column }) };
  }

  private async *bytes(): AsyncGenerator<Buffer> {
    // The rest of a refused body is read and dropped, so that the sender receives the problem.
    for await (const chunk of this.body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      this.hash.update(chunk);
      this.size += chunk.length;
      if (this.size > maximumBytes) throw new Problem('import_too_large');
      yield chunk;
    }
  }

  private async *text(): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    for await (const chunk of this.bytes()) yield decode(decoder, chunk);
    yield decode(decoder);
  }

  private async *jsonRows(): AsyncGenerator<SentRow> {
    let row = 0;
    let rest = '';
    for await (const text of this.text()) {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > maximumRowCharacters) throw unreadable(row + 1);
      for (const line of lines) if (line.trim() !== '') yield jsonRow(++row, line);
    }
    if (rest.trim() !== '') yield jsonRow(row + 1, rest);
  }

  private async *csvRows(): AsyncGenerator<SentRow> {
    let header: string[] | undefined;
    let row = 0;
    try {
      const { delimiter, text } = await openTable(this.bytes());
      // A quote inside a cell is an ordinary character, as in `="00123"`, which keeps spreadsheets from reformatting a value.
      const options = { delimiter, bom: true, relax_column_count: true, relax_quotes: true, max_record_size: maximumRowCharacters };
      // The iteration below fails with the pipeline's error.
      const parser = pipeline(Readable.from(text), parse(options), () => undefined);
      for await (const cells of parser as AsyncIterable<string[]>) {
        if (isEmptyRow(cells)) continue;
        if (header === undefined) header = readHeader(cells, this.table);
        else yield csvRow(++row, header, cells, this.table);
      }
    } catch (error) {
      if (error instanceof UnreadableText)
        throw new Problem('import_unreadable', { detail: `${error.message} Save the table as "CSV UTF-8".` });
      throw error instanceof CsvError ? unreadable(Number(error['records'])) : error;
    }
  }
}

function decode(decoder: TextDecoder, chunk?: Buffer): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new Problem('import_unreadable', { detail: 'The body is not UTF-8.' });
  }
}

function jsonRow(row: number, line: string): SentRow {
  let unstorable: string | undefined;
  try {
    const body: unknown = JSON.parse(line, (key, value: unknown) => {
      if (key.includes('\0') || !key.isWellFormed()) unstorable ??= key;
      return value;
    });
    // Texts are checked with their fields. A key would be stored in the fault that names it.
    if (unstorable !== undefined) return refused(row, 'Has a key that is no well-formed Unicode without NUL');
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return refused(row, 'Must be a JSON object');
    const repeated = findRepeatedKey(line);
    if (repeated === null) return { row, body: withoutNotes(body), errors: [] };
    return refused(row, `The key ${quoted(repeated.key)} is repeated within one object, at character ${repeated.column}`);
  } catch {
    return refused(row, 'Must be valid JSON');
  }
}

const withoutNotes = (body: object): object => Object.fromEntries(Object.entries(body).filter(([key]) => !noteColumns.includes(key)));

function readHeader(cells: string[], table: TableForm): string[] {
  const header = readHeading(cells, table.columnNames);
  const errors = table.headerErrors(header.filter((name) => name !== ''));
  const [first] = errors;
  if (first !== undefined) throw new Problem('import_header', { detail: `${first.field}: ${first.message}.`, errors });
  return header;
}

function csvRow(row: number, header: string[], sent: string[], table: TableForm): SentRow {
  const width = header.findLastIndex((name) => name !== '') + 1;
  if (sent.length < width) return refused(row, `Has ${sent.length} cells; the header has ${width}`);
  const named = namedCells(header, sent);
  if ('stray' in named) return refused(row, `Cell ${named.stray + 1} contains ${quoted(sent[named.stray]!)}, but its column has no name`);
  return {
    row,
    ...table.read(
      header.filter((name) => name !== ''),
      named.cells,
    ),
  };
}

const quoted = (cell: string): string => (isFreeOfAddresses(cell) ? shown(cell.trim()) : 'something');

const refused = (row: number, message: string): SentRow => ({ row, body: null, errors: [{ code: 'import_row_malformed', message }] });

const unreadable = (row: number): Problem => new Problem('import_unreadable', { detail: `Row ${row} is cut off.` });
