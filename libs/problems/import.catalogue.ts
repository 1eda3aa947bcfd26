import { group } from './definition.js';

/** What an import, or one of its rows, is refused for before any rule of a claim is asked. */
export const importProblems = {
  ...group(
    { status: 422, kind: 'shape' },
    {
      import_header: {
        title: 'The header is not that of an import',
        cause: 'The first row of the CSV names a column twice, or one that is not known, or it lacks a column that every claim needs.',
        remedy: 'Use the column names of the how-to on imports, in any order; leave out the optional ones that you do not need.',
      },
      import_unreadable: {
        title: 'The rows cannot be told apart',
        cause: 'The body is neither UTF-8 nor UTF-16, a quoted cell of the CSV has no end, or one row is far longer than any claim.',
        remedy: 'Write the file again as UTF-8 CSV by RFC 4180, or as one JSON object a line.',
      },
      import_empty: {
        title: 'No rows',
        cause: 'The body has no row with a claim.',
        remedy: 'Send at least one claim.',
      },
      import_cell_unreadable: {
        title: 'A cell cannot be read',
        cause:
          'The cell holds an error or a number that a spreadsheet has made of the value, a date that can be read in two ways, or no such value.',
        remedy: 'Correct the cell that is named, as its message says, and send the row in another import.',
      },
      import_row_malformed: {
        title: 'The row cannot be read',
        cause: 'The row is not a JSON object, or has more or fewer cells than the header has columns.',
        remedy: 'Correct this row and send it in another import.',
      },
    },
  ),
  ...group(
    { status: 413, kind: 'shape' },
    {
      import_too_large: {
        title: 'Too many rows',
        cause: 'An import takes at most 5,000 claims and 64 MiB.',
        remedy: 'Split it into several imports, each under an Idempotency-Key of its own.',
      },
    },
  ),
  ...group(
    { status: 409, kind: 'refusal' },
    {
      import_ended: {
        title: 'The import has ended',
        cause: 'Every row was worked off, or the import was cancelled.',
        remedy: 'Send the rows that are left as a new import.',
      },
    },
  ),
};
