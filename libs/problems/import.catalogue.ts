import { group } from './definition.js';

/** Problems of an uploaded file of claims (`POST /v1/claims/imports`, `…/updates`) or usage (`POST /v1/usage/imports`), or of one of its rows. */
export const importProblems = {
  ...group(
    { status: 422, kind: 'shape' },
    {
      import_header: {
        title: 'Invalid CSV header',
        cause: 'The header row repeats a column, has an unknown one, or lacks a required one.',
        remedy: 'Use the column names from the how-to on importing or updating claims, in any order. Optional columns may be left out.',
      },
      import_unreadable: {
        title: 'File cannot be read',
        cause: 'The file is neither UTF-8 nor UTF-16, a quoted cell is never closed, or a row exceeds the size limit.',
        remedy: 'Save the file as UTF-8 CSV (RFC 4180), or as JSON with one object per line, and send it again.',
      },
      import_empty: {
        title: 'File has no rows',
        cause: 'The file contains no row.',
        remedy: 'Send a file with at least one row.',
      },
      import_cell_unreadable: {
        title: 'Cell cannot be read',
        cause:
          'The cell holds a spreadsheet error, a reformatted number, an ambiguous date or a value of the wrong type, or has lost leading zeros.',
        remedy: 'Correct the cell as its "message" says, and send the row again in a new file.',
      },
      import_row_malformed: {
        title: 'Malformed row',
        cause: 'The row is not a JSON object, or its number of cells differs from that of the header.',
        remedy: 'Correct the row and send it again in a new file.',
      },
      column_not_changeable: {
        title: 'Column cannot be changed',
        cause: 'The row of a bulk update states another value than the claim has, in a column that no update can change.',
        remedy: 'Leave the cell empty or as it was exported. Lines are changed by JSON Lines or by PATCH, states by "action".',
      },
      reference_ambiguous: {
        title: 'External reference names several claims',
        cause: 'The row of a bulk update names its claim by an external reference that several of your claims have.',
        remedy: 'Name the claim by its number or ID.',
      },
      claim_repeated: {
        title: 'Claim is named by an earlier row',
        cause: 'A dry run tries each row on the claim as it is, and an earlier row of the file would change this claim.',
        remedy: 'If the row depends on the earlier one, expect the outcome only from the update itself.',
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
        cause: 'An import or a bulk update is limited to 5,000 rows and 64 MiB.',
        remedy: 'Split the file into several, each with its own Idempotency-Key.',
      },
    },
  ),
  ...group(
    { status: 409, kind: 'refusal' },
    {
      import_ended: {
        title: 'Import has ended',
        cause: 'Every row of the import or bulk update has been processed, or it was cancelled.',
        remedy: 'Send any remaining rows in a new file.',
      },
      usage_import_in_progress: {
        title: 'Another usage import is running',
        cause: 'Usage files of one data set are imported one at a time, and another one is in progress.',
        remedy: 'Wait the number of seconds in Retry-After, then send the file again with the same Idempotency-Key.',
      },
    },
  ),
};
