import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
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
    sentBy: z.string().describe("The sender's id at the issuer."),
    createdAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    rows: z
      .object({ total: count, ...(Object.fromEntries(rowOutcomes.map((outcome) => [outcome, count])) as Record<RowOutcome, typeof count>) })
      .describe('Number of rows, in total and by outcome.'),
  })
  .meta({ id: 'Import' });

export const ImportList = listOf(ImportView);

export const ImportListQuery = z.strictObject({ cursor: cursor(z.guid()).optional(), limit });
type ImportListQuery = z.output<typeof ImportListQuery>;

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
const outcomeSql = `
  CASE WHEN r.outcome IS NULL THEN 'waiting' WHEN r.outcome <> 'accepted' THEN r.outcome
    WHEN i.outcome ->> 'status' = 'done' THEN 'submitted' WHEN i.outcome ->> 'status' = 'refused' THEN 'refused' ELSE 'accepted' END`;
const rowsSql = `
  SELECT r.row, r.claim_id AS "claimId", c.number, ${outcomeSql} AS outcome,
    CASE WHEN r.outcome = 'accepted' THEN coalesce(i.outcome -> 'findings', '[]') ELSE r.findings END AS findings
  FROM claim_import_rows r LEFT JOIN claims c USING (claim_id) LEFT JOIN claim_commands i USING (command_id)
  WHERE r.import_id = $1`;

const importColumns = `import_id AS "importId", state, submits AS submit, actor ->> 'subject' AS "sentBy", created_at AS "createdAt",
  ended_at AS "endedAt"`;

interface StoredImport {
  importId: string;
  state: 'running' | 'paused' | 'cancelled' | 'done';
  submit: boolean;
  sentBy: string;
  createdAt: Date;
  endedAt: Date | null;
}

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
    const found = await this.source.query<StoredImport[]>(`SELECT ${importColumns} FROM claim_imports WHERE import_id = $1`, [importId]);
    const [view] = await this.withCounts(found);
    return view!;
  }

  /** Lists the imports of a company, the latest first. Who does not cover all its locations sees their own. */
  async list(scope: Scope, subject: string, { cursor: before, limit: size }: ImportListQuery) {
    if (scope.kind !== 'partner') return { items: [], next: null };
    const found = await this.source.query<StoredImport[]>(
      `SELECT ${importColumns} FROM claim_imports
       WHERE partner_account_id = $1 AND state <> 'receiving' AND ($2::text IS NULL OR actor ->> 'subject' = $2)
         AND ($3::uuid IS NULL OR import_id < $3)
       ORDER BY import_id DESC LIMIT $4`,
      [scope.accountId, scope.locations === 'all' ? null : subject, before ?? null, size + 1],
    );
    const { items, next } = page(found, size, ({ importId }) => importId);
    return { items: await this.withCounts(items), next };
  }

  private async withCounts(imports: StoredImport[]): Promise<z.output<typeof ImportView>[]> {
    const counts = await this.source.query<{ importId: string; outcome: RowOutcome; rows: number }[]>(
      `SELECT r.import_id AS "importId", ${outcomeSql} AS outcome, count(*)::int AS rows
       FROM claim_import_rows r LEFT JOIN claim_commands i USING (command_id) WHERE r.import_id = ANY($1) GROUP BY 1, 2`,
      [imports.map(({ importId }) => importId)],
    );
    return imports.map((found) => {
      const own = counts.filter(({ importId }) => importId === found.importId);
      const of = (outcome: RowOutcome) => own.find((each) => each.outcome === outcome)?.rows ?? 0;
      return {
        ...found,
        createdAt: found.createdAt.toISOString(),
        endedAt: found.endedAt?.toISOString() ?? null,
        rows: {
          total: own.reduce((sum, { rows }) => sum + rows, 0),
          ...(Object.fromEntries(rowOutcomes.map((outcome) => [outcome, of(outcome)])) as Record<RowOutcome, number>),
        },
      };
    });
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
