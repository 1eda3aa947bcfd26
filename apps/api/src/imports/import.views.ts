import { z } from 'zod';
import { updateActions, type UpdateAction } from '#libs/imports/index.js';
import { FindingView } from '#libs/read-models/index.js';
import { cursor, limit } from '../http/cursor.js';
import { listOf } from '../http/listing.js';
import { maximumRows } from './import.service.js';

/** Outcomes of rows, by the kind of import. */
export const rowOutcomes = {
  create: ['waiting', 'accepted', 'submitted', 'drafted', 'refused', 'cancelled'],
  update: ['waiting', 'changed', 'unchanged', 'refused', 'cancelled'],
} as const;
export type RowOutcome = (typeof rowOutcomes)['create' | 'update'][number];

const count = z.int().min(0).max(maximumRows);

function countsOf<Outcome extends string>(outcomes: readonly Outcome[]) {
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, count])) as Record<Outcome, typeof count>;
  return z.object({ total: count, ...counts }).describe('Number of rows, in total and by outcome.');
}

const common = {
  state: z.enum(['running', 'paused', 'cancelled', 'done']),
  sentBy: z.string().describe("The sender's id at the issuer."),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
};

export const ImportView = z
  .object({
    importId: z.string(),
    submit: z.boolean().describe('Whether each claim is submitted or stays a draft.'),
    ...common,
    rows: countsOf(rowOutcomes.create),
  })
  .meta({ id: 'Import' });
export type ImportView = z.output<typeof ImportView>;

export const UpdateView = z
  .object({
    updateId: z.string(),
    dryRun: z.boolean().describe('Whether nothing is changed: the outcomes say what would happen.'),
    ...common,
    rows: countsOf(rowOutcomes.update),
  })
  .meta({ id: 'ClaimUpdate' });
export type UpdateView = z.output<typeof UpdateView>;

const RowFinding = FindingView.extend({
  column: z.string().nullable().describe('The column of a table in which the field is.'),
}).meta({ id: 'RowFinding' });
export type RowFinding = z.output<typeof RowFinding>;

const rowFields = {
  row: z.int().min(1).max(maximumRows).describe('Row number from 1, not counting the header and empty lines.'),
  claimId: z.string().nullable(),
  number: z.string().nullable(),
  name: z.string().nullable().describe("The claim's name, as far as it is known; in a refused row, as it was sent."),
  externalReference: z.string().nullable(),
  findings: z.array(RowFinding),
};

export const ImportRow = z
  .object({
    ...rowFields,
    outcome: z.enum(rowOutcomes.create).describe('`accepted`: stored, and will become `submitted` or `refused`.'),
  })
  .meta({ id: 'ImportRow' });
export type ImportRow = z.output<typeof ImportRow>;

const actions = Object.keys(updateActions) as [UpdateAction, ...UpdateAction[]];

export const UpdateRow = z
  .object({
    ...rowFields,
    outcome: z.enum(rowOutcomes.update).describe('`unchanged`: the row asks for nothing that the claim does not hold already.'),
    version: z.int().min(0).max(1_000_000).nullable().describe("The claim's version afterwards."),
    changes: z.array(z.string()).describe('Names of the fields that changed, such as `contacts.customer.email`.'),
    action: z.enum(actions).nullable().describe('What was done with the claim.'),
  })
  .meta({ id: 'ClaimUpdateRow' });
export type UpdateRow = z.output<typeof UpdateRow>;

export const ImportList = listOf(ImportView);
export const UpdateList = listOf(UpdateView);
export const ImportRowList = listOf(ImportRow);
export const UpdateRowList = listOf(UpdateRow);

export const ImportListQuery = z.strictObject({ cursor: cursor(z.guid()).optional(), limit });
export type ImportListQuery = z.output<typeof ImportListQuery>;

const rowQuery = <Outcome extends z.ZodType>(outcome: Outcome) =>
  z.strictObject({
    outcome: outcome.optional(),
    cursor: cursor(z.int32().min(0)).optional(),
    limit: limit.unwrap().default(100),
  });
export const ImportRowQuery = rowQuery(z.enum(rowOutcomes.create));
export const UpdateRowQuery = rowQuery(z.enum(rowOutcomes.update));
export type RowQuery = z.output<typeof ImportRowQuery> | z.output<typeof UpdateRowQuery>;
export const ImportRowExportQuery = ImportRowQuery.pick({ outcome: true });
export const UpdateRowExportQuery = UpdateRowQuery.pick({ outcome: true });
