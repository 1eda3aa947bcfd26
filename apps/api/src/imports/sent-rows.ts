import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { CsvError, parse } from 'csv-parse';
import { Problem, type ProblemError } from '#libs/problems/index.js';
import { claimOfCells, columnOf, headerErrors } from './import.columns.js';

export type ImportFormat = 'ndjson' | 'csv';

/** One row as it was sent: the body of a claim, or why it cannot be read. Rows count from 1, without the header and empty lines. */
export type SentRow = { row: number; body: unknown } | { row: number; error: ProblemError };

export const maximumBytes = 64 * 1024 * 1024;
/** A claim with five files of the largest size within it. */
const maximumRowCharacters = 2 * 1024 * 1024;

/** A body that is read once, from its first row to its last, in bounded memory. */
export class SentRows {
  private readonly hash = createHash('sha256');
  private bytes = 0;

  constructor(
    private readonly body: Readable,
    private readonly format: ImportFormat,
  ) {}

  /** The rows. Throws the problem of a body that cannot be read on. */
  read(): AsyncGenerator<SentRow> {
    return this.format === 'csv' ? this.csvRows() : this.jsonRows();
  }

  /** How much was read so far. */
  get bytesRead(): number {
    return this.bytes;
  }

  /** Names the content, once it was read to its end. */
  digest(): string {
    return this.hash.digest('base64url');
  }

  /** In a table a fault is found by its column. */
  nameOf({ pointer, ...error }: ProblemError): ProblemError {
    const column = this.format === 'csv' && pointer !== undefined ? columnOf(pointer) : undefined;
    return { ...error, ...(column && { field: column }) };
  }

  private async *text(): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    // What is left of a refused body is read and dropped, so that the sender hears why.
    for await (const chunk of this.body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      this.hash.update(chunk);
      this.bytes += chunk.length;
      if (this.bytes > maximumBytes) throw new Problem('import_too_large');
      yield decode(decoder, chunk);
    }
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
    const options = { bom: true, relax_column_count: true, skip_empty_lines: true, max_record_size: maximumRowCharacters };
    // The iteration below fails with what ended the pipeline.
    const parser = pipeline(Readable.from(this.text()), parse(options), () => undefined);
    let header: string[] | undefined;
    let row = 0;
    try {
      for await (const cells of parser as AsyncIterable<string[]>) {
        if (header === undefined) header = readHeader(cells);
        else yield csvRow(++row, header, cells);
      }
    } catch (error) {
      // The records before it include the header.
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
  try {
    const body: unknown = JSON.parse(line);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { row, body };
    return { row, error: malformed('Is not a JSON object') };
  } catch {
    return { row, error: malformed('Is not JSON') };
  }
}

function readHeader(cells: string[]): string[] {
  const header = cells.map((cell) => cell.trim());
  const errors = headerErrors(header);
  const [first] = errors;
  if (first !== undefined) throw new Problem('import_header', { detail: `${first.field}: ${first.message}.`, errors });
  return header;
}

function csvRow(row: number, header: string[], cells: string[]): SentRow {
  if (cells.length !== header.length) return { row, error: malformed(`Has ${cells.length} cells; the header has ${header.length}`) };
  return { row, body: claimOfCells(header, cells) };
}

const malformed = (message: string): ProblemError => ({ code: 'import_row_malformed', message });

const unreadable = (row: number): Problem => new Problem('import_unreadable', { detail: `Row ${row} has no end.` });
