import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { headingKey, isEmptyRow, openTable, unmarked, UnreadableText } from '#libs/tables/index.js';
import type { TableColumn } from './table-columns.js';

/** What is wrong with a file, where, and what to do. */
export interface TableFault {
  file: string;
  line: number;
  /** Heading of the column, as the file has it. */
  column: string | null;
  message: string;
}

/** A line of a table: the values of its columns. A column that the file does not have, or whose empty cell says nothing, is missing. */
export interface TableRow {
  file: string;
  line: number;
  values: Record<string, unknown>;
}

export interface ReadTable {
  rows: TableRow[];
  faults: TableFault[];
  /** Headings that were read, and those that mean nothing here. */
  used: string[];
  ignored: string[];
}

const maximumRecordCharacters = 64 * 1024;

/** Reads a table as spreadsheets and Partner Center write it. Returns its rows, and everything that is wrong with it. */
export async function readTable(columns: Record<string, TableColumn>, file: string, bytes: AsyncIterable<Uint8Array>): Promise<ReadTable> {
  const found: ReadTable = { rows: [], faults: [], used: [], ignored: [] };
  const fault = (line: number, column: string | null, message: string) => found.faults.push({ file, line, column, message });
  let heading: Heading | null = null;
  try {
    const { delimiter, text } = await openTable(bytes);
    const options = { delimiter, bom: true, info: true, trim: true, relax_column_count: true, relax_quotes: true };
    const parser = pipeline(Readable.from(text), parse({ ...options, max_record_size: maximumRecordCharacters }), () => undefined);
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (isEmptyRow(record)) continue;
      if (heading === null) {
        heading = new Heading(columns, record);
        Object.assign(found, { used: heading.used, ignored: heading.ignored });
        for (const [column, message] of heading.faults) fault(info.lines, column, message);
        if (found.faults.length > 0) return found;
        continue;
      }
      const values: Record<string, unknown> = {};
      const faultsBefore = found.faults.length;
      for (const { name, column, places } of heading.columns) {
        const filled = places.filter((place) => unmarked(record[place] ?? '') !== '');
        if (filled.length === 0 && column.whenEmpty === undefined) fault(info.lines, heading.titles[places[0]!]!, 'The cell is empty.');
        if (filled.length === 0 && column.whenEmpty === null) values[name] = null;
        const cells = (column.isList ? filled : filled.slice(0, 1)).flatMap((place) => {
          const read = column.read(unmarked(record[place]!));
          if ('value' in read) return [read.value];
          fault(info.lines, heading!.titles[place]!, read.fault);
          return [];
        });
        if (cells.length > 0) values[name] = column.isList ? cells : cells[0];
      }
      if (found.faults.length === faultsBefore) found.rows.push({ file, line: info.lines, values });
    }
  } catch (error) {
    if (!(error instanceof CsvError || error instanceof UnreadableText)) throw error;
    const line = error instanceof CsvError ? Number(error['lines'] ?? 1) : 1;
    fault(line, null, error instanceof CsvError ? 'The line is not well-formed CSV.' : `${error.message} Save the table as "CSV UTF-8".`);
  }
  if (heading === null && found.faults.length === 0) fault(1, null, 'The file is empty.');
  return found;
}

/** The header row: where the cells of each column are. A column with several headings is read from the first of them that has a value. */
class Heading {
  readonly columns: { name: string; column: TableColumn; places: number[] }[];
  readonly faults: [column: string | null, message: string][] = [];

  constructor(
    known: Record<string, TableColumn>,
    readonly titles: string[],
  ) {
    const keys = titles.map(headingKey);
    this.columns = Object.entries(known).flatMap(([name, column]) => {
      const places = namesOf(name, column)
        .map((heading) => keys.indexOf(headingKey(heading)))
        .filter((place) => place !== -1);
      return places.length === 0 ? [] : [{ name, column, places }];
    });
    for (const [name, column] of Object.entries(known)) {
      if (column.isRequired && this.columns.every((one) => one.name !== name))
        this.faults.push([name, `The table has no such column. It may be called: ${namesOf(name, column).join(', ')}.`]);
    }
    const read = this.columns.flatMap(({ places }) => places.map((place) => keys[place]));
    for (const key of new Set(keys.filter((one, place) => keys.indexOf(one) !== place && read.includes(one))))
      this.faults.push([titles[keys.indexOf(key)]!, 'The table has two columns of this name. Remove one.']);
  }

  get used(): string[] {
    return this.titles.filter((_, place) => this.columns.some(({ places }) => places.includes(place)));
  }

  get ignored(): string[] {
    return this.titles.filter((title) => title !== '' && !this.used.includes(title));
  }
}

const namesOf = (name: string, { headings = [] }: TableColumn): string[] => [name, ...headings];
