import { z } from 'zod';
import { columnKinds, noteColumns } from './column.kinds.js';
import { importColumns } from './import.columns.js';
import { maximumRows } from './import.service.js';
import { maximumBytes } from './sent-rows.js';

const Column = z.object({
  name: z.string().describe('As the header names it. Case, spaces, hyphens and underscores do not count.'),
  isRequired: z.boolean().describe('Whether every row must have a value.'),
  kind: z.enum(columnKinds).describe('What a cell contains. Several items in a cell are separated by `;`. New kinds may be added.'),
  pointer: z.string().describe('Where the value goes in the claim (JSON Pointer). Each item of `products` becomes a line.'),
  example: z.string().nullable().describe('A value for a sample file; null if the sample does without the column.'),
});

export const ImportColumns = z
  .object({
    columns: z.array(Column),
    noteColumns: z.array(z.string()).describe('Columns, and keys of JSON lines, that are dropped: notes in a file of refused rows.'),
    maximumRows: z.int().min(1).max(1_000_000),
    maximumBytes: z.int().min(1).max(1_000_000_000),
  })
  .meta({ id: 'ImportColumns' });

/** Describes what a CSV import may contain. */
export function importColumnsView(): z.output<typeof ImportColumns> {
  const columns = Object.entries(importColumns).map(([name, column]) => ({
    name,
    isRequired: 'isRequired' in column,
    kind: column.kind,
    pointer: pointerOf(column.path),
    example: 'example' in column ? column.example : null,
  }));
  return { columns, noteColumns, maximumRows, maximumBytes };
}

const ofLine: Record<string, string> = { products: 'product', subscriptionIds: 'subscriptionId', activities: 'activities' };

function pointerOf([first = '', ...rest]: readonly string[]): string {
  if (Object.hasOwn(ofLine, first)) return `/lines/0/${ofLine[first]}`;
  return `/${[first, ...(first === 'evidence' ? ['0'] : []), ...rest].join('/')}`;
}
