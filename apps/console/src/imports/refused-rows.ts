import { type ClaimFile, readTable, writeTable } from './read-file.js';

export interface RowErrors {
  row: number;
  errors: string[];
}

const noteNames = ['importRow', 'importError'];

/** Reads the API's CSV of an import's rows (one record per finding) into the errors of each row. */
export function rowErrorsOf(csv: string): RowErrors[] {
  const [heading = [], ...records] = readTable(csv);
  const at = (name: string) => heading.indexOf(name);
  const [row, field, line, message] = [at('row'), at('field'), at('line'), at('message')];
  const found = new Map<number, string[]>();
  for (const record of records) {
    const where = [record[field], record[line]].filter((text) => text !== undefined && text !== '').join(', ');
    const number = Number(record[row]);
    found.set(number, [...(found.get(number) ?? []), [where, record[message]].filter((text) => text !== '').join(': ')]);
  }
  return [...found].map(([number, errors]) => ({ row: number, errors }));
}

/**
 * Writes the refused rows as they were sent, each with its number and errors. The API drops these two, so that the mended file can be sent as it is.
 * `table` is a table as it was sent, its header first.
 */
export function refusedRows(file: ClaimFile, table: string[][] | null, refused: RowErrors[]): string {
  if (file.format === 'ndjson') return refused.map(({ row, errors }) => `${annotated(file.rows[row - 1] ?? '', row, errors)}\n`).join('');
  const [heading = [], ...rows] = table ?? [file.heading, ...file.rows];
  const notes = heading.map((name) => noteNames.includes(name));
  const own = (cells: string[]) => cells.filter((_, index) => notes[index] !== true);
  const written = refused.map(({ row, errors }) => [
    ...padded(own(rows[row - 1] ?? []), own(heading).length),
    String(row),
    errors.join(' | '),
  ]);
  return `\uFEFF${writeTable([[...own(heading), ...noteNames], ...written])}`;
}

/** A row with too few cells must not push its notes into the claim's columns. */
const padded = (cells: string[], width: number): string[] => [...cells, ...Array<string>(Math.max(0, width - cells.length)).fill('')];

/** What is no JSON object stays as it is. */
function annotated(line: string, row: number, errors: string[]): string {
  try {
    const body: unknown = JSON.parse(line);
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return JSON.stringify({ ...body, importRow: row, importError: errors.join(' | ') });
  } catch {
    // Mended by hand.
  }
  return line.trim();
}
