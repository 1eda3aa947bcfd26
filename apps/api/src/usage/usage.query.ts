import { z } from 'zod';
import { groupings, type UsageSet, usageSetNames, usageSets } from '#libs/usage/index.js';
import { cursor, limit } from '../http/cursor.js';
import { isoDate, text, uuid } from '../http/text.schema.js';

const month = z
  .string()
  .regex(/^20\d\d-(0[1-9]|1[0-2])(-01)?$/, 'Must be a month, such as 2026-03')
  .transform((value) => `${value.slice(0, 7)}-01`);

const set = z
  .enum(usageSetNames)
  .transform((name): UsageSet => usageSets[name])
  .describe('Data set.')
  .meta({ example: 'workload_usage' });

const span = {
  set,
  from: month.optional().describe('First month. If omitted, starts at the beginning of each association.'),
  to: month.optional().describe('Last month. If omitted, ends with the latest data.'),
};

const rowLimit = z.coerce.number().int().min(1).max(1000).default(100).describe('Maximum number of rows per page.');

const Place = z.object({ associationId: z.guid(), month: isoDate, dimension: text(1_000) });

export const RowsQuery = z.strictObject({ ...span, cursor: cursor(Place).optional(), limit: rowLimit });
export type RowsQuery = z.output<typeof RowsQuery>;

export const ExportQuery = z.strictObject({ ...span, format: z.enum(['csv', 'json']).default('csv') });
export type ExportQuery = z.output<typeof ExportQuery>;

export const AggregatesQuery = z.strictObject({
  ...span,
  by: z.enum(groupings).default('month').describe('What to group by within each month.'),
  cursor: cursor(z.object({ month: isoDate, key: text(1_000) })).optional(),
  limit: limit.unwrap().default(100),
});
export type AggregatesQuery = z.output<typeof AggregatesQuery>;

export const SeriesQuery = z.strictObject({
  ...span,
  measure: text(64).describe('Published name of a numeric column.').meta({ example: 'MonthlyActiveUsers' }),
  associationId: uuid.optional(),
  cursor: cursor(z.guid()).optional(),
  limit,
});
export type SeriesQuery = z.output<typeof SeriesQuery>;

export const ExportsQuery = z.strictObject({ cursor: cursor(z.guid()).optional(), limit });
export type ExportsQuery = z.output<typeof ExportsQuery>;

export const ImportQuery = z.strictObject({
  set: z.enum(usageSetNames).describe('Data set that the file belongs to.').meta({ example: 'workload_usage' }),
  programme: text(40).default('sample').describe('Programme whose catalogue defines the workload names.'),
});
export type ImportQuery = z.output<typeof ImportQuery>;

export const ImportErrorsQuery = z.strictObject({ cursor: cursor(z.int32().min(0)).optional(), limit });
export type ImportErrorsQuery = z.output<typeof ImportErrorsQuery>;
