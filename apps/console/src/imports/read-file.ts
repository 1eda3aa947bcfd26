/** A file of claims, taken apart into rows as the API counts them: from 1, without the header and empty lines. */
export type ClaimFile = TableFile | LinesFile;

export interface TableFile {
  format: 'csv';
  fileName: string;
  /** As the file spells it. */
  heading: string[];
  rows: string[][];
}

export interface LinesFile {
  format: 'ndjson';
  fileName: string;
  rows: string[];
}

/** The bytes are in no encoding that the API reads. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

/** Reads a file, or what was pasted, as the API does. What begins with a brace is JSON lines, anything else a table. @throws UnreadableFile */
export async function readClaimFile(file: File): Promise<ClaimFile> {
  const text = decode(new Uint8Array(await file.arrayBuffer()));
  if (/^\s*\{/.test(text)) return { format: 'ndjson', fileName: file.name, rows: text.split('\n').filter((line) => line.trim() !== '') };
  const [heading = [], ...rows] = readTable(text);
  return { format: 'csv', fileName: file.name, heading, rows };
}

/** By the byte order mark, or by a zero byte next to the first character, because headings are Latin. */
function decode(bytes: Uint8Array): string {
  const [a, b] = bytes;
  const isLittle = (a === 0xff && b === 0xfe) || (bytes.length >= 2 && a !== 0 && b === 0);
  const isBig = (a === 0xfe && b === 0xff) || (bytes.length >= 2 && a === 0 && b !== 0);
  try {
    return new TextDecoder(isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFile();
  }
}

/** Reads RFC 4180 as spreadsheets write it. The delimiter comes from a first line `sep=;`, or is the most frequent of the header. */
export function readTable(text: string): string[][] {
  const [mark, named] = /^sep=([,;\t|])\r?\n/i.exec(text) ?? [];
  const rest = mark === undefined ? text : text.slice(mark.length);
  return cellsOf(rest, named ?? delimiterOf(rest)).filter((row) => row.some((cell) => cell.trim() !== ''));
}

const delimiters = [',', ';', '\t'];

function delimiterOf(text: string): string {
  const line = text.split('\n', 20).find((candidate) => candidate.trim() !== '') ?? '';
  const counts = delimiters.map((delimiter) => line.replace(/"[^"]*"/g, '').split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))]!;
}

/** A quote inside a cell that does not begin with one is an ordinary character. */
function cellsOf(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let place = 0;
  while (place < text.length) {
    const quoted = text[place] === '"' ? endOfQuoted(text, place) : place;
    const end = endOfPlain(text, quoted, delimiter);
    row.push(text.slice(place + 1, Math.max(place, quoted - 1)).replaceAll('""', '"') + text.slice(quoted, end));
    place = end;
    if (text[place] === delimiter) {
      place++;
      if (place === text.length) row.push('');
      continue;
    }
    place += text.startsWith('\r\n', place) ? 2 : 1;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

function endOfQuoted(text: string, start: number): number {
  for (let place = start + 1; ; place += 2) {
    place = text.indexOf('"', place);
    if (place === -1) return text.length + 1;
    if (text[place + 1] !== '"') return place + 1;
  }
}

function endOfPlain(text: string, start: number, delimiter: string): number {
  let place = start;
  while (place < text.length && text[place] !== delimiter && text[place] !== '\n' && text[place] !== '\r') place++;
  return place;
}

/** Writes a table with commas, which the API and every spreadsheet read. */
export const writeTable = (rows: string[][]): string => rows.map((row) => `${row.map(writeCell).join()}\r\n`).join('');

const writeCell = (cell: string): string => (/[",\r\n;]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
