import { group } from './definition.js';

/** Problems of an uploaded file of claims (`POST /v1/claims/imports`) or usage (`POST /v1/usage/imports`), or of one of its rows. */
export const importProblems = {
  ...group(
    { status: 422, kind: 'shape' },
    {
      import_header: {
        title: 'Invalid CSV header',
        cause: 'The header row repeats a column, has an unknown one, or lacks a required one.',
        remedy: 'Use the column names from the how-to on importing claims, in any order. Optional columns may be left out.',
      },
      import_unreadable: {
        title: 'File cannot be read',
        cause: 'The file is neither UTF-8 nor UTF-16, a quoted cell is never closed, or a row exceeds the size limit.',
        remedy: 'Save the file as UTF-8 CSV (RFC 4180), or as JSON with one object per line, and send it again.',
      },
      import_empty: {
        title: 'File has no rows',
        cause: 'The file contains no claim.',
        remedy: 'Send a file with at least one claim.',
      },
      import_cell_unreadable: {
        title: 'Cell cannot be read',
        cause: 'The cell holds a spreadsheet error, a reformatted number, an ambiguous date or a value of the wrong type.',
        remedy: 'Correct the cell as its "message" says, and send the row in a new import.',
      },
      import_row_malformed: {
        title: 'Malformed row',
        cause: 'The row is not a JSON object, or its number of cells differs from that of the header.',
        remedy: 'Correct the row and send it in a new import.',
      },
      usage_file_unreadable: {
        title: 'Usage file cannot be read',
        cause: 'The CSV is malformed from the line in "errors" onwards: a quote is never closed, or is inside an unquoted cell.',
        remedy: 'Correct that line and send the whole file again; none of it was imported.',
      },
    },
  ),
  ...group(
    { status: 413, kind: 'shape' },
    {
      import_too_large: {
        title: 'Import is too large',
        cause: 'An import is limited to 5,000 claims and 64 MiB.',
        remedy: 'Split the file into several imports, each with its own Idempotency-Key.',
      },
    },
  ),
  ...group(
    { status: 409, kind: 'refusal' },
    {
      import_ended: {
        title: 'Import has ended',
        cause: 'Every row of the import has been processed, or the import was cancelled.',
        remedy: 'Send any remaining rows as a new import.',
      },
      usage_import_in_progress: {
        title: 'Another usage import is running',
        cause: 'Usage files of one data set are imported one at a time, and another one is in progress.',
        remedy: 'Wait the number of seconds in Retry-After, then send the file again with the same Idempotency-Key.',
      },
    },
  ),
};
