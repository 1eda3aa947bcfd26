import { shown } from '#libs/claims/index.js';

/** The value of a cell, or what is wrong with it, in a sentence that goes on after what stands there. */
export type Cell<Value = string> = { value: Value } | { fault: string };

const quoted = (text: string): string => (/[^\s@]@[^\s@]/.test(text) ? 'What stands there' : shown(text));

/** A row of nothing but delimiters. */
export const isEmptyRow = (cells: string[]): boolean => cells.every((cell) => cell.trim() === '');

/** A value as it was before a spreadsheet was told to leave it alone: `="00123"`, or `'00123` of an identifier. */
export const unmarked = (cell: string): string => /^="([^"]*)"$/.exec(cell)?.[1] ?? cell;
export const unmarkedIdentifier = (cell: string): string => unmarked(cell).replace(/^'/, '');

/** What a spreadsheet writes in the place of a value it could not make. */
export function readCell(cell: string): Cell {
  const value = unmarked(cell);
  if (/^#(?:N\/A|NAME\?|REF!|VALUE!|DIV\/0!|NULL!|NUM!|SPILL!|CALC!|#+)$/i.test(value))
    return { fault: `The cell holds an error of a spreadsheet, ${quoted(value)}. Mend it there and export the file again.` };
  return { value };
}

/** A number that was too long for its column; its digits are lost. */
export const isInScientificNotation = (text: string): boolean => /^\d([.,]\d+)?E\+\d+$/i.test(text);

/** An identifier of digits or of a GUID, of which a spreadsheet may have made a number. */
export function readIdentifier(cell: string): Cell {
  const value = unmarkedIdentifier(cell);
  if (!isInScientificNotation(value)) return { value };
  return { fault: `A spreadsheet has turned this number into ${quoted(value)}. Format the column as text and enter it again.` };
}

const midnight = /[ T]0?0:00(?::00(?:\.0+)?)?Z?$/;

/** A date as ISO writes it, or as a country does where it can be read in one way only. */
export function readDate(cell: string): Cell {
  const text = unmarked(cell).replace(midnight, '');
  const [, year, month, day] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ?? [];
  if (year !== undefined) return dateOf(text, [iso(year, month!, day!)]);
  const [, first, mark, second, last] = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text) ?? [];
  if (last?.length === 2) return { fault: `${quoted(text)} has a year of two digits. Write the date as YYYY-MM-DD.` };
  // Where dots are written the day comes first, everywhere.
  if (last !== undefined) return dateOf(text, [iso(last, second!, first!), ...(mark === '.' ? [] : [iso(last, first!, second!)])]);
  if (/^\d{5}$/.test(text)) return { fault: `${quoted(text)} is how a spreadsheet counts days. Format the column as a date, YYYY-MM-DD.` };
  return { fault: `${quoted(text)} is no date. Write it as YYYY-MM-DD.` };
}

/** The first day of a month. Where one reading of a date is such a day and the other is not, it is the one that is meant. */
export function readMonth(cell: string): Cell {
  const text = unmarked(cell).replace(midnight, '');
  const [, first, second, last] = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$/.exec(text) ?? [];
  if (last === undefined) return readDate(text);
  const firsts = [iso(last, second!, first!), iso(last, first!, second!)].filter((date) => date.endsWith('-01'));
  return firsts.length === 0 ? readDate(text) : dateOf(text, firsts);
}

const iso = (year: string, month: string, day: string): string => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;

function dateOf(text: string, readings: string[]): Cell {
  const days = [...new Set(readings)].filter(isDay);
  const [only, other] = days;
  if (only === undefined) return { fault: `${quoted(text)} is no day of the calendar. Write the date as YYYY-MM-DD.` };
  if (other === undefined) return { value: only };
  return { fault: `${quoted(text)} can be ${only} or ${other}. Write one of the two.` };
}

/** Whether there is such a day. PostgreSQL knows no year 0. */
function isDay(date: string): boolean {
  const at = Date.parse(`${date}T00:00:00Z`);
  return !date.startsWith('0000') && !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}

export function readWholeNumber(cell: string): Cell<number> {
  const text = unmarked(cell);
  return /^\d{1,9}$/.test(text) ? { value: Number(text) } : { fault: `${quoted(text)} is no whole number.` };
}

/** In the languages in which spreadsheets write truth values by themselves. */
const truths: Record<string, boolean> = {
  ...Object.fromEntries(['true', 'yes', '1', 'wahr', 'vrai', 'verdadero', 'vero', 'истина'].map((word) => [word, true])),
  ...Object.fromEntries(['false', 'no', '0', 'falsch', 'faux', 'falso', 'ложь'].map((word) => [word, false])),
};

export function readFlag(cell: string): Cell<boolean> {
  const text = unmarked(cell);
  const value = Object.hasOwn(truths, text.toLowerCase()) ? truths[text.toLowerCase()] : undefined;
  return value === undefined ? { fault: `${quoted(text)} is neither true nor false.` } : { value };
}
