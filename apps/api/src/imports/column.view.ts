import { z } from 'zod';
import { type UpdateAction, uncomparedColumns, updateActions } from '#libs/imports/index.js';
import { columnKinds, noteColumns } from './column.kinds.js';
import { importColumns } from './import.columns.js';
import { maximumRows } from './import.service.js';
import { maximumBytes } from './sent-rows.js';
import { clearMarker, comparedColumns, namingColumns, updateColumns } from './update.columns.js';

const actions = Object.keys(updateActions) as [UpdateAction, ...UpdateAction[]];

const Column = z.object({
  name: z.string().describe('As the header names it. Case, spaces, hyphens and underscores do not count.'),
  isRequired: z.boolean().describe('Whether every row must have a value.'),
  kind: z.enum(columnKinds).describe('What a cell contains. Several items in a cell are separated by `;`. New kinds may be added.'),
  pointer: z.string().describe('Where the value goes in the claim (JSON Pointer). Each item of `products` becomes a line.'),
  description: z.string().describe('What it means.'),
  example: z.string().nullable().describe('A value for a sample file; null if the sample does without the column.'),
});

const sizes = { maximumRows: z.int().min(1).max(1_000_000), maximumBytes: z.int().min(1).max(1_000_000_000) };

export const ImportColumns = z
  .object({
    columns: z.array(Column),
    noteColumns: z.array(z.string()).describe('Columns, and keys of JSON lines, that are dropped: notes in a file of refused rows.'),
    ...sizes,
  })
  .meta({ id: 'ImportColumns' });

const UpdateColumn = Column.omit({ isRequired: true, pointer: true, example: true }).extend({
  pointer: z
    .string()
    .nullable()
    .describe(
      'Where the value goes in the row (JSON Pointer). Null for a column of the export that cannot be changed: a cell that differs from the claim is refused.',
    ),
  example: z.string().nullable().describe('A value; null if none is given.'),
  isClearable: z.boolean().describe('Whether a cell may have the text of `clearMarker`, which empties the field.'),
  values: z.array(z.string()).nullable().describe('Every value that a cell may have; null where there is no such list.'),
  requiredFor: z.array(z.enum(actions)).describe('Actions for which the row must have a value.'),
});

export const ClaimUpdateColumns = z
  .object({
    columns: z.array(UpdateColumn),
    namedBy: z.array(z.enum(namingColumns)).describe('Every row needs a value in one of these; the first that has one names the claim.'),
    clearMarker: z.string().describe('What a cell says to empty its field. An empty cell changes nothing.'),
    noteColumns: z.array(z.string()).describe('Columns, and keys of JSON lines, that are dropped: notes in a file of refused rows.'),
    ...sizes,
  })
  .meta({ id: 'ClaimUpdateColumns' });

/** Describes what a CSV import may contain. */
export function importColumnsView(): z.output<typeof ImportColumns> {
  const columns = Object.entries(importColumns).map(([name, column]) => ({
    name,
    isRequired: 'isRequired' in column,
    kind: column.kind,
    pointer: pointerOf(column.path),
    description: column.description,
    example: 'example' in column ? column.example : null,
  }));
  return { columns, noteColumns, maximumRows, maximumBytes };
}

/** Describes what a table of changes may contain: the columns that are read, then the others that an export has. */
export function updateColumnsView(): z.output<typeof ClaimUpdateColumns> {
  const read = Object.entries(updateColumns).map(([name, column]) => ({
    name,
    kind: column.kind,
    pointer: pointerOf(column.path),
    description: column.description,
    example: column.example ?? null,
    isClearable: 'cleared' in column,
    values: column.values === undefined ? null : [...column.values],
    requiredFor: [...(column.requiredFor ?? [])],
  }));
  const compared = comparedColumns.map((name) => ({
    name,
    kind: 'text' as const,
    pointer: null,
    description: uncomparedColumns.includes(name) ? 'Ignored.' : 'As in the export; cannot be changed here.',
    example: null,
    isClearable: false,
    values: null,
    requiredFor: [],
  }));
  return { columns: [...read, ...compared], namedBy: [...namingColumns], clearMarker, noteColumns, maximumRows, maximumBytes };
}

const ofLine: Record<string, string> = { products: 'product', subscriptionIds: 'subscriptionId', activities: 'activities' };

function pointerOf([first = '', ...rest]: readonly string[]): string {
  if (Object.hasOwn(ofLine, first)) return `/lines/0/${ofLine[first]}`;
  return `/${[first, ...(first === 'evidence' ? ['0'] : []), ...rest].join('/')}`;
}
