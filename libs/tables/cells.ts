import { shown } from '#libs/claims/index.js';

/** The value of a cell, or a message that says what is wrong and what to do. */
export type Cell<Value = string> = { value: Value } | { fault: string };

/** Quotes a value in a message, unless it looks like an e-mail address, which is personal data. */
const quoted = (text: string): string => (/[^\s@]@[^\s@]/.test(text) ? 'The value' : shown(text));

/** Returns whether a row contains only delimiters. */
export const isEmptyRow = (cells: string[]): boolean => cells.every((cell) => cell.trim() === '');

/** Removes the markers that keep spreadsheets from reformatting a value: `="00123"`, and for identifiers `'00123`. */
export const unmarked = (cell: string): string => /^="([^"]*)"$/.exec(cell)?.[1] ?? cell;
export const unmarkedIdentifier = (cell: string): string => unmarked(cell).replace(/^'/, '');

/** Reads a text cell, and refuses the error values that spreadsheets write, such as `#N/A`. */
export function readCell(cell: string): Cell {
  const value = unmarked(cell);
  if (/^#(?:N\/A|NAME\?|REF!|VALUE!|DIV\/0!|NULL!|NUM!|SPILL!|CALC!|#+)$/i.test(value))
    return { fault: `The cell contains a spreadsheet error, ${quoted(value)}. Correct it in the spreadsheet and export the file again.` };
  return { value };
}

/** Returns whether a spreadsheet has abbreviated a long number, losing digits. */
export const isInScientificNotation = (text: string): boolean => /^\d([.,]\d+)?E\+\d+$/i.test(text);

/** Returns whether digits were certainly lost, also in a text that may look like any number: `1.24E+06`, but not `1E5`. */
export const hasLostDigits = (text: string): boolean => /^\d[.,]\d+E\+\d{2,3}$/i.test(text);

/** Reads a numeric identifier or a GUID, and refuses one that a spreadsheet has turned into a number. */
export function readIdentifier(cell: string): Cell {
  const value = unmarkedIdentifier(cell);
  if (!isInScientificNotation(value)) return { value };
  return { fault: `A spreadsheet has turned this number into ${quoted(value)}. Format the column as text and enter the value again.` };
}

/** Returns whether a spreadsheet has made a number of a text and dropped its leading zeros: `00123` became `123`. */
export const hasLostZeros = (cell: string, text: string): boolean =>
  cell !== text && /^\d+$/.test(text) && text.replace(/^0+(?=\d)/, '') === cell;

const formula = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Removes the apostrophe that an export puts before a text that a spreadsheet would run as a formula. */
export const unescapedFormula = (cell: string): string => (cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell);

const midnight = /[ T](?:0?0:00(?::00(?:\.0+)?)?Z?|12:00(?::00)? AM)$/;

/** Reads an ISO date, or a local date that can be read in only one way. */
export function readDate(cell: string): Cell {
  const text = unmarked(cell).replace(midnight, '');
  const [, year, month, day] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ?? [];
  if (year !== undefined) return dateOf(text, [iso(year, month!, day!)]);
  const [, first, mark, second, last] = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text) ?? [];
  if (last?.length === 2) return { fault: `${quoted(text)} has a two-digit year. Write the date as YYYY-MM-DD.` };
  // Every country that separates dates with dots puts the day first.
  if (last !== undefined) return dateOf(text, [iso(last, second!, first!), ...(mark === '.' ? [] : [iso(last, first!, second!)])]);
  if (/^\d{5}$/.test(text)) return { fault: `${quoted(text)} is a spreadsheet day number. Format the column as a date, YYYY-MM-DD.` };
  return { fault: `${quoted(text)} is not a date. Write it as YYYY-MM-DD.` };
}

/** Reads a date that should be the first day of a month. If only one reading of an ambiguous date is, that reading is taken. */
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
  if (only === undefined) return { fault: `${quoted(text)} is not a valid date. Write it as YYYY-MM-DD.` };
  if (other === undefined) return { value: only };
  return { fault: `${quoted(text)} could be ${only} or ${other}. Write one of the two.` };
}

/** Returns whether the date exists. PostgreSQL has no year 0. */
function isDay(date: string): boolean {
  const at = Date.parse(`${date}T00:00:00Z`);
  return !date.startsWith('0000') && !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}

export function readWholeNumber(cell: string): Cell<number> {
  const text = unmarked(cell);
  return /^\d{1,9}$/.test(text) ? { value: Number(text) } : { fault: `${quoted(text)} is not a whole number.` };
}

/** Truth values as spreadsheets write them in several languages. */
const flags: Record<string, boolean> = {
  ...Object.fromEntries(['true', 'yes', '1', 'wahr', 'vrai', 'verdadero', 'vero', 'истина'].map((word) => [word, true])),
  ...Object.fromEntries(['false', 'no', '0', 'falsch', 'faux', 'falso', 'ложь'].map((word) => [word, false])),
};

export function readFlag(cell: string): Cell<boolean> {
  const text = unmarked(cell);
  const value = Object.hasOwn(flags, text.toLowerCase()) ? flags[text.toLowerCase()] : undefined;
  return value === undefined ? { fault: `${quoted(text)} is neither true nor false.` } : { value };
}
