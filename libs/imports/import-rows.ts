import type { Finding } from '#libs/claims/index.js';
import type { EngineClaim } from '#libs/engine/index.js';
import { databaseFaultOf } from '#libs/event-store/index.js';
import { type NewClaims, RefusedClaim } from '#libs/new-claims/index.js';
import { Problem } from '#libs/problems/index.js';
import { v5 as uuidV5 } from 'uuid';
import { imports } from '../../temporal.config.js';
import type { ImportState, ImportStore, OpenImport, RowSettlement, WaitingRow } from './import-store.js';

export interface ImportProgress {
  state: ImportState;
  /** Rows without an outcome. */
  waiting: number;
}

export interface ImportDependencies {
  store: ImportStore;
  newClaims: NewClaims;
  /** Starts a claim's workflow, behind the work that people wait for. */
  begin: (claim: EngineClaim) => Promise<void>;
  /** Whether to give up a row that fails for any reason but the rules. */
  isLastAttempt: boolean;
  onProgress: () => void;
}

/** Makes the id of a row's command, the same in every attempt. */
const rowCommandId = (importId: string, row: number): string => uuidV5(String(row), importId);

/**
 * Creates the claims of an import's next rows, each in the same way as a claim that a person sends. Safe to repeat after a crash at any
 * point: a row's claim has an id derived from import and row, and is created once.
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
        .then((settlement) => store.settle(importId, number, settlement))
        .catch((fault: unknown) => faults.push(fault));
      dependencies.onProgress();
    }
  };
  await Promise.all(Array.from({ length: imports.rowsAtOnce }, lane));
  if (faults.length > 0) throw faults[0];
  return store.progress(importId);
}

async function settleRow(from: OpenImport, { row, content }: WaitingRow, dependencies: ImportDependencies): Promise<RowSettlement> {
  try {
    return await createClaim(from, row, content, dependencies);
  } catch (error) {
    if (error instanceof RefusedClaim) return { outcome: 'refused', findings: error.findings };
    if (error instanceof Problem && error.kind !== 'fault') return { outcome: 'refused', findings: findingsOf(error) };
    if (!dependencies.isLastAttempt || isOfDatabase(error)) throw error;
    return { outcome: 'refused', findings: findingsOf(new Problem('internal_error')) };
  }
}

/** A fault of the database that no row has caused. A statement that took too long may be the row's own fault. */
function isOfDatabase(error: unknown): boolean {
  const fault = databaseFaultOf(error);
  return fault !== null && fault !== 'database_overloaded';
}

async function createClaim(
  { importId, partnerAccountId: accountId, actor, submits }: OpenImport,
  row: number,
  content: WaitingRow['content'],
  { newClaims, begin }: ImportDependencies,
): Promise<RowSettlement> {
  const commandId = rowCommandId(importId, row);
  const claim = await newClaims.prepare({ commandId, request: { importId, row }, actor, accountId }, content);
  const { claimId } = claim;
  if (!submits) {
    await newClaims.draft(claim);
    return { outcome: 'drafted', claimId };
  }
  const { command: submission } = await newClaims.submit(claim, { isExecuted: false });
  await begin({ claimId, partnerAccountId: accountId });
  return { outcome: 'accepted', claimId, commandId: submission.commandId };
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
