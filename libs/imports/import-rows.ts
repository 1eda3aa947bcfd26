import type { Finding } from '#libs/claims/index.js';
import { databaseFaultOf } from '#libs/event-store/index.js';
import { RefusedClaim } from '#libs/new-claims/index.js';
import { Problem } from '#libs/problems/index.js';
import { imports } from '../../temporal.config.js';
import type { ImportKind, ImportState, ImportStore, OpenImport, RowSettlement, WaitingRow } from './import-store.js';

export interface ImportProgress {
  state: ImportState;
  /** Rows without an outcome. */
  waiting: number;
}

/** Does what a row asks for. Returns what became of it; null if that is stored already. */
export type RowWork = (from: OpenImport, row: WaitingRow) => Promise<RowSettlement | null>;

export interface ImportDependencies {
  store: ImportStore;
  work: Record<ImportKind, RowWork>;
  /** Whether to give up a row that fails for any reason but the rules. */
  isLastAttempt: boolean;
  onProgress: () => void;
}

/** Rows that change claims run in the file's order, since several may name one claim. */
const lanesOf: Record<ImportKind, number> = { create: imports.rowsAtOnce, update: 1 };

/**
 * Does an import's next rows, each in the same way as a request that a person sends. Safe to repeat after a crash at any point: the ids of a
 * row's commands are derived from import and row.
 */
export async function importRows(importId: string, dependencies: ImportDependencies): Promise<ImportProgress> {
  const { store } = dependencies;
  const found = await store.find(importId);
  if (found === null) throw new Error(`There is no import ${importId}.`);
  if (found.state !== 'running') return store.progress(importId);
  const rows = await store.nextRows(importId, imports.batchRows);
  const faults: unknown[] = [];
  const lane = async () => {
    for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
      const { row: number } = row;
      await settleRow(found, row, dependencies)
        .then((settlement) => settlement && store.settle(importId, number, settlement))
        .catch((fault: unknown) => faults.push(fault));
      // A row that failed is repeated, and what comes after it must not overtake it.
      if (faults.length > 0 && found.kind === 'update') return;
      dependencies.onProgress();
    }
  };
  await Promise.all(Array.from({ length: lanesOf[found.kind] }, lane));
  if (faults.length > 0) throw faults[0];
  return store.progress(importId);
}

async function settleRow(from: OpenImport, row: WaitingRow, { work, isLastAttempt }: ImportDependencies): Promise<RowSettlement | null> {
  try {
    return await work[from.kind](from, row);
  } catch (error) {
    if (error instanceof RefusedClaim) return { outcome: 'refused', findings: error.findings };
    if (error instanceof Problem && (error.kind !== 'fault' || isLastAttempt)) return { outcome: 'refused', findings: findingsOf(error) };
    if (!isLastAttempt || isOfDatabase(error)) throw error;
    return { outcome: 'refused', findings: findingsOf(new Problem('internal_error')) };
  }
}

/** A fault of the database that no row has caused. A statement that took too long may be the row's own fault. */
function isOfDatabase(error: unknown): boolean {
  const fault = databaseFaultOf(error);
  return fault !== null && fault !== 'database_overloaded';
}

/** Converts a problem into findings of a row. */
export function findingsOf({ code, detail, errors }: Problem): Finding[] {
  const found = errors ?? [{ code, message: detail }];
  return found.map(({ code: each, message, field, line }) => ({
    code: each,
    severity: 'error',
    field: field ?? null,
    line: line ?? null,
    message,
  }));
}
