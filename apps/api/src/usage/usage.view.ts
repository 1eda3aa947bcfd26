import { z } from 'zod';
import {
  isImported,
  rowFaults,
  type RowFaultCode,
  servedColumns,
  type UsageImport,
  type UsageSet,
  type UsageViewer,
} from '#libs/usage/index.js';

const bigCount = z.int().min(0).max(1_000_000_000_000);
const next = z.string().nullable().describe('Cursor of the next page; null on the last.');
const monthOn = z.iso.date().describe('First day of the month.');

const FreshnessView = z
  .object({ latestMonth: z.iso.date().nullable(), importedAt: z.iso.datetime().nullable() })
  .meta({ id: 'UsageFreshness', description: 'How recent the data of the set is; null before its first import.' });

const suppressed = z
  .array(z.string())
  .describe('Columns left out, entirely or in part, because a count is too small to be shown in this programme.');

const UsageRowView = z
  .object({
    associationId: z.guid(),
    target: z.string(),
    month: monthOn,
    values: z
      .record(z.string(), z.union([z.string(), z.number(), z.null()]))
      .describe('By published column name; null when unknown, suppressed, or for executive viewers only.'),
    suppressed,
  })
  .meta({ id: 'UsageRow' });

export const UsageRowsView = z
  .object({ set: z.string(), items: z.array(UsageRowView), next, freshness: FreshnessView })
  .meta({ id: 'UsageRows' });

export const UsageExportFileView = z
  .object({
    set: z.string(),
    items: z.array(UsageRowView),
    leftOut: z
      .array(
        z
          .object({
            code: z.literal('usage_ended'),
            associationId: z.guid(),
            claimNumber: z.string(),
            partnerId: z.string(),
            associatedOn: z.iso.date(),
            endedAt: z.iso.datetime().nullable().describe('Null while the end has not been recorded yet.'),
          })
          .meta({ id: 'UsageLeftOut' }),
      )
      .describe('Associations that were live in the requested months and have since ended, which closes their usage to you.'),
  })
  .meta({ id: 'UsageExportFile' });

export const AggregatesView = z
  .object({
    set: z.string(),
    by: z.string(),
    items: z.array(
      z
        .object({
          month: monthOn,
          key: z.string().describe('Tenant, target or value of the column that it is grouped by; empty when grouped by month only.'),
          associations: bigCount,
          values: z.record(z.string(), z.number().nullable()),
          suppressed,
        })
        .meta({ id: 'UsageAggregate' }),
    ),
    next,
    freshness: FreshnessView,
  })
  .meta({ id: 'UsageAggregates' });

export const SeriesView = z
  .object({
    set: z.string(),
    measure: z.string(),
    items: z.array(
      z
        .object({
          associationId: z.guid(),
          tenantId: z.guid(),
          target: z.string(),
          claimNumber: z.string().describe('Number of the claim that the association comes from.'),
          points: z.array(
            z.object({
              month: monthOn,
              value: z.number().nullable(),
              state: z.enum(['known', 'suppressed', 'withheld', 'missing']).describe('Whether the value is complete, and if not, why.'),
            }),
          ),
        })
        .meta({ id: 'UsageSeriesOfTarget' }),
    ),
    next,
    freshness: FreshnessView,
  })
  .meta({ id: 'UsageSeries' });

export const ExportsView = z
  .object({
    items: z.array(
      z
        .object({
          accessId: z.guid(),
          at: z.iso.datetime(),
          subject: z.string(),
          set: z.string(),
          fromMonth: z.iso.date().nullable(),
          toMonth: z.iso.date().nullable(),
          associations: bigCount,
          rows: bigCount,
        })
        .meta({ id: 'UsageExport' }),
    ),
    next,
  })
  .meta({ id: 'UsageExports' });

const ColumnView = z
  .object({
    name: z.string(),
    type: z.string(),
    isRequired: z.boolean().describe('Whether a file must contain it, with a value in every row.'),
    isImported: z.boolean().describe('Whether it comes from the file; other columns come from the association or are calculated.'),
    isExecutive: z.boolean(),
    isSuppressible: z.boolean(),
  })
  .meta({ id: 'UsageColumn' });

export const SetsView = z
  .object({
    items: z.array(z.object({ name: z.string(), title: z.string(), columns: z.array(ColumnView) }).meta({ id: 'UsageSet' })),
    next,
  })
  .meta({ id: 'UsageSets' });

export const setView = ({ name, title, columns }: UsageSet) => ({
  name,
  title,
  columns: columns.map((column) => ({
    name: column.name,
    type: column.type,
    isRequired: column.isRequired,
    isImported: isImported(column),
    isExecutive: column.isExecutive,
    isSuppressible: column.isSuppressible,
  })),
});

export const UsageImportView = z
  .object({
    importId: z.guid(),
    set: z.string(),
    programme: z.string(),
    state: z
      .enum(['receiving', 'interrupted', 'published', 'failed'])
      .describe('Readers see a file only once it is published as a whole. Send an interrupted file again.'),
    rowsRead: bigCount,
    rowsStored: bigCount,
    rowsRefused: bigCount,
    latestMonth: z.iso.date().nullable(),
    failure: z.string().nullable(),
    failedLine: bigCount.nullable(),
    startedAt: z.iso.datetime(),
    publishedAt: z.iso.datetime().nullable(),
    errors: z.string().describe('URL of the list of refused rows.'),
  })
  .meta({ id: 'UsageImport' });

export const importView = (found: UsageImport) => ({ ...found, errors: `/v1/usage/imports/${found.importId}/errors` });

export const ImportErrorsView = z
  .object({
    items: z.array(
      z
        .object({
          line: bigCount.describe('Line of the file, starting at 1.'),
          column: z.string().nullable(),
          code: z.enum(Object.keys(rowFaults) as [RowFaultCode, ...RowFaultCode[]]),
          message: z.string().describe('What is wrong and how to fix it.'),
        })
        .meta({ id: 'UsageImportError' }),
    ),
    next,
  })
  .meta({ id: 'UsageImportErrors' });

/** Returns the names of the columns of an export, in the published order. */
export const exportColumns = (set: UsageSet, viewer: UsageViewer): string[] => servedColumns(set, viewer).map(({ name }) => name);
