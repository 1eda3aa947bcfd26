import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { type Finding } from '#libs/claims/index.js';
import type { ImportKind, UpdateAction } from '#libs/imports/index.js';
import { findingView } from '#libs/read-models/index.js';
import { page } from '../http/cursor.js';
import { maximumRows } from './import.service.js';
import {
  type ImportListQuery,
  type ImportRow,
  type ImportView,
  type RowFinding,
  type RowOutcome,
  rowOutcomes,
  type RowQuery,
  type UpdateRow,
  type UpdateView,
} from './import.views.js';
import { importTable } from './import.columns.js';
import type { TableForm } from './sent-rows.js';
import { updateTable } from './update.columns.js';

/** An accepted row has the current outcome of its command. */
const outcomeSql = `
  CASE WHEN r.outcome IS NULL THEN 'waiting' WHEN r.outcome <> 'accepted' THEN r.outcome
    WHEN i.outcome ->> 'status' = 'done' THEN 'submitted' WHEN i.outcome ->> 'status' = 'refused' THEN 'refused' ELSE 'accepted' END`;
const rowsSql = `
  SELECT r.row, r.claim_id AS "claimId", c.number, r.name, r.external_reference AS "externalReference", r.version, r.changes, r.action,
    ${outcomeSql} AS outcome, CASE WHEN r.outcome = 'accepted' THEN coalesce(i.outcome -> 'findings', '[]') ELSE r.findings END AS findings
  FROM claim_import_rows r LEFT JOIN claims c USING (claim_id) LEFT JOIN claim_commands i USING (command_id)
  WHERE r.import_id = $1`;

const importColumns = `import_id AS "importId", state, submits, is_dry_run AS "isDryRun", actor ->> 'subject' AS "sentBy",
  created_at AS "createdAt", ended_at AS "endedAt"`;

interface StoredImport {
  importId: string;
  state: 'running' | 'paused' | 'cancelled' | 'done';
  submits: boolean;
  isDryRun: boolean;
  sentBy: string;
  createdAt: Date;
  endedAt: Date | null;
}

interface StoredRow {
  row: number;
  claimId: string | null;
  number: string | null;
  name: string | null;
  externalReference: string | null;
  version: number | null;
  changes: string[];
  action: UpdateAction | null;
  outcome: RowOutcome;
  findings: Finding[];
}

type Views = { create: ImportView; update: UpdateView };
type Rows = { create: ImportRow; update: UpdateRow };

const columnsOf: Record<ImportKind, string[]> = {
  create: ['row', 'outcome', 'claimId', 'number', 'name', 'externalReference', 'code', 'field', 'column', 'line', 'message'],
  update: [
    ...['row', 'outcome', 'claimId', 'number', 'name', 'externalReference', 'version', 'action', 'changes'],
    ...['code', 'field', 'column', 'line', 'message'],
  ],
};

/** Faults of the row itself are located by column or field only. Findings of the rules point into the claim. */
function shown(kind: ImportKind, finding: Finding): RowFinding {
  const view = /[.[]/.test(finding.field ?? '') ? findingView(finding) : { ...finding, pointer: null };
  return { ...view, column: columnOf(tables[kind], view) };
}

const tables: Record<ImportKind, TableForm> = { create: importTable, update: updateTable };

function columnOf(table: TableForm, { field, pointer }: Pick<RowFinding, 'field' | 'pointer'>): string | null {
  if (pointer !== null) return table.columnOf(pointer) ?? null;
  if (field === null || table.columnNames.includes(field)) return field;
  return table.columnOf(`/${field}`) ?? null;
}

function viewOf<Kind extends ImportKind>(kind: Kind, stored: StoredImport, counts: Record<string, number>): Views[Kind] {
  const { importId, state, submits, isDryRun, sentBy, createdAt, endedAt } = stored;
  const outcomes = rowOutcomes[kind].map((outcome) => [outcome, counts[outcome] ?? 0] as const);
  const common = { state, sentBy, createdAt: createdAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
  const rows = { total: Object.values(counts).reduce((sum, each) => sum + each, 0), ...Object.fromEntries(outcomes) };
  // The compiler does not follow a kind to its view.
  return (kind === 'create'
    ? { importId, submit: submits, ...common, rows }
    : { updateId: importId, dryRun: isDryRun, ...common, rows }) as unknown as Views[Kind];
}

function rowOf<Kind extends ImportKind>(kind: Kind, { findings, version, changes, action, ...rest }: StoredRow): Rows[Kind] {
  const row = { ...rest, findings: findings.map((finding) => shown(kind, finding)) };
  return (kind === 'create' ? row : { ...row, version, changes, action }) as Rows[Kind];
}

/** Reads imports as their senders see them. */
@Injectable()
export class ImportReader {
  constructor(private readonly source: DataSource) {}

  async read<Kind extends ImportKind>(kind: Kind, importId: string): Promise<Views[Kind]> {
    const found = await this.source.query<StoredImport[]>(`SELECT ${importColumns} FROM claim_imports WHERE import_id = $1`, [importId]);
    const [view] = await this.withCounts(kind, found);
    return view!;
  }

  /** Lists the imports of a company, the latest first. Who does not cover all its locations sees their own. */
  async list<Kind extends ImportKind>(kind: Kind, scope: Scope, subject: string, { cursor: before, limit: size }: ImportListQuery) {
    if (scope.kind !== 'partner') return { items: [], next: null };
    const found = await this.source.query<StoredImport[]>(
      `SELECT ${importColumns} FROM claim_imports
       WHERE partner_account_id = $1 AND kind = $2 AND state <> 'receiving' AND ($3::text IS NULL OR actor ->> 'subject' = $3)
         AND ($4::uuid IS NULL OR import_id < $4)
       ORDER BY import_id DESC LIMIT $5`,
      [scope.accountId, kind, scope.locations === 'all' ? null : subject, before ?? null, size + 1],
    );
    const { items, next } = page(found, size, ({ importId }) => importId);
    return { items: await this.withCounts(kind, items), next };
  }

  async rows<Kind extends ImportKind>(kind: Kind, importId: string, { outcome, cursor: after = 0, limit: size }: RowQuery) {
    const { items, next } = page(await this.select(importId, outcome, after, size + 1), size, ({ row }) => row);
    return { items: items.map((row) => rowOf(kind, row)), next };
  }

  /** Writes all rows as CSV, one record per finding. Texts that a spreadsheet would run as formulas are escaped. */
  async csv(kind: ImportKind, importId: string, outcome?: RowOutcome): Promise<string> {
    const rows = await this.select(importId, outcome, 0, maximumRows);
    const nothing: Partial<RowFinding> = {};
    const records = rows.flatMap(({ findings, changes, ...row }) =>
      (findings.length > 0 ? findings.map((finding) => shown(kind, finding)) : [nothing]).map(({ code, field, column, line, message }) => ({
        ...row,
        changes: changes.join('; '),
        code,
        field,
        column,
        line,
        message,
      })),
    );
    return stringify(records, { header: true, columns: columnsOf[kind], escape_formulas: true });
  }

  private async withCounts<Kind extends ImportKind>(kind: Kind, imports: StoredImport[]): Promise<Views[Kind][]> {
    const counts = await this.source.query<{ importId: string; outcome: RowOutcome; rows: number }[]>(
      `SELECT r.import_id AS "importId", ${outcomeSql} AS outcome, count(*)::int AS rows
       FROM claim_import_rows r LEFT JOIN claim_commands i USING (command_id) WHERE r.import_id = ANY($1) GROUP BY 1, 2`,
      [imports.map(({ importId }) => importId)],
    );
    return imports.map((found) => {
      const own = counts.filter(({ importId }) => importId === found.importId);
      return viewOf(kind, found, Object.fromEntries(own.map(({ outcome, rows }) => [outcome, rows])));
    });
  }

  private select(importId: string, outcome: RowOutcome | undefined, after: number, count: number): Promise<StoredRow[]> {
    return this.source.query<StoredRow[]>(
      `SELECT * FROM (${rowsSql}) AS rows WHERE row > $2 AND ($3::text IS NULL OR outcome = $3) ORDER BY row LIMIT $4`,
      [importId, after, outcome ?? null, count],
    );
  }
}
