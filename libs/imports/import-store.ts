import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import type { Actor, Finding } from '#libs/claims/index.js';
import type { SentClaim } from '#libs/new-claims/index.js';
import type { SentUpdate, UpdateAction, UpdateScopes } from './sent-update.js';

export type ImportState = 'running' | 'paused' | 'cancelled' | 'done';

/** Whether the rows are claims to create, or changes to claims. */
export type ImportKind = 'create' | 'update';

/** By which people recognise a row; kept when its content is erased. */
export interface RowLabels {
  name?: string | null | undefined;
  externalReference?: string | null | undefined;
}

/** A row as it was uploaded: what it asks for, or what is wrong with it. */
export type NewRow = { row: number; labels?: RowLabels } & ({ content: SentClaim | SentUpdate } | { findings: Finding[] });

/** The outcome of a row. An `accepted` one is in its claim's inbox, and ends as that command does. */
export type RowSettlement = { labels?: RowLabels } & (
  | { outcome: 'drafted'; claimId: string }
  | { outcome: 'accepted'; claimId: string; commandId: string }
  | { outcome: 'changed'; claimId: string; version: number; changes: string[]; action: UpdateAction | null; findings: Finding[] }
  | { outcome: 'unchanged'; claimId: string; version: number }
  | { outcome: 'refused'; claimId?: string; findings: Finding[] }
);

export interface NewImport {
  kind: ImportKind;
  partnerAccountId: string;
  actor: Actor;
  /** Whether new claims are submitted. */
  submits?: boolean;
  /** Whether the rows of an update are only tried. */
  isDryRun?: boolean;
  scopes?: UpdateScopes;
}

export interface OpenImport {
  importId: string;
  kind: ImportKind;
  partnerAccountId: string;
  actor: Actor;
  submits: boolean;
  isDryRun: boolean;
  /** What the sender of an update may do; null for new claims. */
  scopes: UpdateScopes | null;
  state: ImportState;
}

export interface WaitingRow {
  row: number;
  content: SentClaim | SentUpdate;
}

const openColumns = `import_id AS "importId", kind, partner_account_id AS "partnerAccountId", actor, submits, is_dry_run AS "isDryRun",
  scopes, state`;

/** Imports and their rows. The statement that writes a row's outcome deletes its content. */
export class ImportStore {
  constructor(private readonly source: DataSource) {}

  /** Creates an import that takes rows; it is invisible until `complete`. */
  async begin({ kind, partnerAccountId, actor, submits = false, isDryRun = false, scopes }: NewImport): Promise<string> {
    const importId = uuidV7();
    await this.source.query(
      `INSERT INTO claim_imports (import_id, kind, partner_account_id, actor, submits, is_dry_run, scopes)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [importId, kind, partnerAccountId, actor, submits, isDryRun, scopes ?? null],
    );
    return importId;
  }

  async addRows(importId: string, rows: NewRow[]): Promise<void> {
    await this.source.query(
      `INSERT INTO claim_import_rows (import_id, row, content, name, external_reference, outcome, findings, settled_at)
       SELECT $1, row, content, labels ->> 'name', labels ->> 'externalReference', CASE WHEN content IS NULL THEN 'refused' END,
         coalesce(findings, '[]'), CASE WHEN content IS NULL THEN cpor_now() END
       FROM jsonb_to_recordset($2::jsonb) AS r(row int, content jsonb, labels jsonb, findings jsonb)`,
      [importId, JSON.stringify(rows)],
    );
  }

  /** Releases an import to run; null when a request with the same id was completed before. */
  async complete(importId: string, requestId: string, fingerprint: string): Promise<OpenImport | null> {
    // A condition would not see the row of a concurrent request; the unique index does.
    const [rows] = await this.source
      .query<[OpenImport[], number]>(
        `UPDATE claim_imports SET request_id = $2, fingerprint = $3, state = 'running', created_at = cpor_now() WHERE import_id = $1
       RETURNING ${openColumns}`,
        [importId, requestId, fingerprint],
      )
      .catch((error: unknown) => {
        if (isTaken(error)) return [[], 0] as [OpenImport[], number];
        throw error;
      });
    return rows[0] ?? null;
  }

  /** Deletes an import that was not completed, with its rows. */
  async discard(importId: string): Promise<void> {
    await this.source.query("DELETE FROM claim_imports WHERE import_id = $1 AND state = 'receiving'", [importId]);
  }

  async findByRequest(requestId: string): Promise<(OpenImport & { fingerprint: string }) | null> {
    const [found] = await this.source.query<(OpenImport & { fingerprint: string })[]>(
      `SELECT ${openColumns}, fingerprint FROM claim_imports WHERE request_id = $1`,
      [requestId],
    );
    return found ?? null;
  }

  async find(importId: string): Promise<OpenImport | null> {
    const [found] = await this.source.query<OpenImport[]>(
      `SELECT ${openColumns} FROM claim_imports WHERE import_id = $1 AND state <> 'receiving'`,
      [importId],
    );
    return found ?? null;
  }

  /** Pauses, resumes or cancels an import that has not ended. Cancelling deletes the content of waiting rows. */
  async move(importId: string, to: 'running' | 'paused' | 'cancelled'): Promise<void> {
    await this.source.query(
      `WITH moved AS (
         UPDATE claim_imports SET state = $2, ended_at = CASE WHEN $2 = 'cancelled' THEN cpor_now() END
         WHERE import_id = $1 AND state IN ('running', 'paused') RETURNING import_id, state
       )
       UPDATE claim_import_rows r SET outcome = 'cancelled', content = NULL, settled_at = cpor_now()
       FROM moved WHERE moved.state = 'cancelled' AND r.import_id = moved.import_id AND r.outcome IS NULL`,
      [importId, to],
    );
  }

  /** Reads the next rows without an outcome. */
  nextRows(importId: string, count: number): Promise<WaitingRow[]> {
    return this.source.query<WaitingRow[]>(
      'SELECT row, content FROM claim_import_rows WHERE import_id = $1 AND outcome IS NULL ORDER BY row LIMIT $2',
      [importId, count],
    );
  }

  /** Stores the outcome of a row and deletes its content. */
  async settle(importId: string, row: number, settlement: RowSettlement, on: Pick<EntityManager, 'query'> = this.source): Promise<void> {
    const nothing = { claimId: null, commandId: null, version: null, changes: [], action: null, findings: [], labels: {} as RowLabels };
    const { outcome, claimId, commandId, version, changes, action, findings, labels } = { ...nothing, ...settlement };
    // A row that was cancelled while its claim was being created or changed shows the claim.
    await on.query(
      `UPDATE claim_import_rows SET outcome = $3, claim_id = $4, command_id = $5, findings = $6, version = $7, changes = $8, action = $9,
         name = coalesce($10, name), external_reference = coalesce($11, external_reference), content = NULL, settled_at = cpor_now()
       WHERE import_id = $1 AND row = $2 AND (outcome IS NULL OR outcome = 'cancelled')`,
      [
        importId,
        row,
        outcome,
        claimId,
        commandId,
        JSON.stringify(findings),
        version,
        changes,
        action,
        labels.name ?? null,
        labels.externalReference ?? null,
      ],
    );
  }

  /** Returns the first of the earlier rows that would change the claim, or null. */
  async earlierRow(importId: string, row: number, claimId: string): Promise<number | null> {
    const [found] = await this.source.query<{ row: number }[]>(
      `SELECT row FROM claim_import_rows WHERE import_id = $1 AND row < $2 AND claim_id = $3 AND outcome = 'changed' ORDER BY row LIMIT 1`,
      [importId, row, claimId],
    );
    return found?.row ?? null;
  }

  /** Ends a running import that has no waiting rows, and returns its progress. */
  async progress(importId: string): Promise<{ state: ImportState; waiting: number }> {
    await this.source.query(
      `UPDATE claim_imports i SET state = 'done', ended_at = cpor_now() WHERE import_id = $1 AND state = 'running'
         AND NOT EXISTS (SELECT FROM claim_import_rows r WHERE r.import_id = i.import_id AND r.outcome IS NULL)`,
      [importId],
    );
    const [found] = await this.source.query<{ state: ImportState; waiting: number }[]>(
      `SELECT state, (SELECT count(*)::int FROM claim_import_rows r WHERE r.import_id = i.import_id AND r.outcome IS NULL) AS waiting
       FROM claim_imports i WHERE import_id = $1`,
      [importId],
    );
    if (found === undefined) throw new Error(`There is no import ${importId}.`);
    return found;
  }
}

function isTaken(error: unknown): boolean {
  return (error as { driverError?: { constraint?: string } }).driverError?.constraint === 'claim_imports_request_id_key';
}
