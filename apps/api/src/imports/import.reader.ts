import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { type Finding } from '#libs/claims/index.js';
import { findingView, FindingView } from '#libs/read-models/index.js';
import { cursor, limit, page } from '../http/cursor.js';
import { listOf } from '../http/listing.js';
import { maximumRows } from './import.service.js';

const rowOutcomes = ['waiting', 'accepted', 'submitted', 'drafted', 'refused', 'cancelled'] as const;
const count = z.int().min(0).max(maximumRows);

export const ImportView = z
  .object({
    importId: z.string(),
    state: z.enum(['running', 'paused', 'cancelled', 'done']),
    submit: z.boolean().describe('Whether each claim is submitted or stays a draft.'),
    createdAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    rows: z
      .object({ total: count, ...(Object.fromEntries(rowOutcomes.map((outcome) => [outcome, count])) as Record<RowOutcome, typeof count>) })
      .describe('Number of rows, in total and by outcome.'),
  })
  .meta({ id: 'Import' });

type RowOutcome = (typeof rowOutcomes)[number];

const RowView = z
  .object({
    row: z.int().min(1).max(maximumRows).describe('Row number from 1, not counting the header.'),
    outcome: z.enum(rowOutcomes).describe('`accepted`: stored, and will become `submitted` or `refused`.'),
    claimId: z.string().nullable(),
    number: z.string().nullable(),
    findings: z.array(FindingView),
  })
  .meta({ id: 'ImportRow' });

export const ImportRowList = listOf(RowView);

export const RowQuery = z.strictObject({
  outcome: z.enum(rowOutcomes).optional(),
  cursor: cursor(z.int32().min(0)).optional(),
  limit: limit.unwrap().default(100),
});
export type RowQuery = z.output<typeof RowQuery>;

export const RowExportQuery = RowQuery.pick({ outcome: true });

/** An accepted row has the current outcome of its command. */
const rowsSql = `
  SELECT r.row, r.claim_id AS "claimId", c.number,
    CASE WHEN r.outcome IS NULL THEN 'waiting' WHEN r.outcome <> 'accepted' THEN r.outcome
      WHEN i.outcome ->> 'status' = 'done' THEN 'submitted' WHEN i.outcome ->> 'status' = 'refused' THEN 'refused' ELSE 'accepted' END AS outcome,
    CASE WHEN r.outcome = 'accepted' THEN coalesce(i.outcome -> 'findings', '[]') ELSE r.findings END AS findings
  FROM claim_import_rows r LEFT JOIN claims c USING (claim_id) LEFT JOIN claim_commands i USING (command_id)
  WHERE r.import_id = $1`;

interface StoredRow {
  row: number;
  claimId: string | null;
  number: string | null;
  outcome: RowOutcome;
  findings: Finding[];
}
type Row = Omit<StoredRow, 'findings'> & { findings: FindingView[] };

/** Faults of the row itself are located by column or field only. Findings of the rules point into the claim. */
const shown = (finding: Finding): FindingView => (/[.[]/.test(finding.field ?? '') ? findingView(finding) : { ...finding, pointer: null });

/** Reads imports as their senders see them. */
@Injectable()
export class ImportReader {
  constructor(private readonly source: DataSource) {}

  async read(importId: string): Promise<z.output<typeof ImportView>> {
    const [found] = await this.source.query<[{ state: never; submit: boolean; createdAt: Date; endedAt: Date | null }]>(
      'SELECT state, submits AS submit, created_at AS "createdAt", ended_at AS "endedAt" FROM claim_imports WHERE import_id = $1',
      [importId],
    );
    const counts = await this.source.query<{ outcome: RowOutcome; rows: number }[]>(
      `SELECT outcome, count(*)::int AS rows FROM (${rowsSql}) AS rows GROUP BY outcome`,
      [importId],
    );
    const of = (outcome: RowOutcome) => counts.find((count) => count.outcome === outcome)?.rows ?? 0;
    return {
      importId,
      ...found,
      createdAt: found.createdAt.toISOString(),
      endedAt: found.endedAt?.toISOString() ?? null,
      rows: {
        total: counts.reduce((sum, { rows }) => sum + rows, 0),
        ...(Object.fromEntries(rowOutcomes.map((outcome) => [outcome, of(outcome)])) as Record<RowOutcome, number>),
      },
    };
  }

  async rows(importId: string, { outcome, cursor: after = 0, limit: size }: RowQuery) {
    return page(await this.select(importId, outcome, after, size + 1), size, ({ row }) => row);
  }

  /** Writes all rows as CSV, one record per finding. Texts that a spreadsheet would run as formulas are escaped. */
  async csv(importId: string, outcome?: RowOutcome): Promise<string> {
    const rows = await this.select(importId, outcome, 0, maximumRows);
    const nothing: Partial<FindingView> = {};
    const records = rows.flatMap(({ findings, ...row }) =>
      (findings.length > 0 ? findings : [nothing]).map(({ code, field, line, message }) => ({ ...row, code, field, line, message })),
    );
    const columns = ['row', 'outcome', 'claimId', 'number', 'code', 'field', 'line', 'message'];
    return stringify(records, { header: true, columns, escape_formulas: true });
  }

  private async select(importId: string, outcome: RowOutcome | undefined, after: number, count_: number): Promise<Row[]> {
    const rows = await this.source.query<StoredRow[]>(
      `SELECT * FROM (${rowsSql}) AS rows WHERE row > $2 AND ($3::text IS NULL OR outcome = $3) ORDER BY row LIMIT $4`,
      [importId, after, outcome ?? null, count_],
    );
    return rows.map((row) => ({ ...row, findings: row.findings.map(shown) }));
  }
}
