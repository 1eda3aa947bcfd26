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
  /** Rows that are still to be worked off. */
  waiting: number;
}

export interface ImportSurroundings {
  store: ImportStore;
  newClaims: NewClaims;
  /** Has a claim's inbox worked off behind what people wait for. */
  begin: (claim: EngineClaim) => Promise<void>;
  /** Whether a row that fails for no fault of its own is to be given up. */
  isLastAttempt: boolean;
  onProgress: () => void;
}

/** The command of a row: the same row is the same command, however often it is worked off. */
const rowCommandId = (importId: string, row: number): string => uuidV5(String(row), importId);

/**
 * Makes the claims of an import's next rows, each by the path of a claim that a person sends. Safe to repeat after a crash at any
 * point: a row's claim has an id that follows from import and row, and is made once.
 */
export async function importRows(importId: string, around: ImportSurroundings): Promise<ImportProgress> {
  const { store } = around;
  const found = await store.find(importId);
  if (found === null) throw new Error(`There is no import ${importId}.`);
  if (found.state !== 'running') return store.progress(importId);
  const rows = await store.nextRows(importId, imports.batchRows);
  const faults: unknown[] = [];
  const lane = async () => {
    for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
      const { row: number } = row;
      await drain(found, row, around)
        .then((settlement) => store.settle(importId, number, settlement))
        .catch((fault: unknown) => faults.push(fault));
      around.onProgress();
    }
  };
  await Promise.all(Array.from({ length: imports.rowsAtOnce }, lane));
  if (faults.length > 0) throw faults[0];
  return store.progress(importId);
}

async function drain(from: OpenImport, { row, content }: WaitingRow, around: ImportSurroundings): Promise<RowSettlement> {
  try {
    return await makeClaim(from, row, content, around);
  } catch (error) {
    if (error instanceof RefusedClaim) return { outcome: 'refused', findings: error.findings };
    if (error instanceof Problem && error.kind !== 'fault') return { outcome: 'refused', findings: findingsOf(error) };
    if (!around.isLastAttempt || isOfDatabase(error)) throw error;
    return { outcome: 'refused', findings: findingsOf(new Problem('internal_error')) };
  }
}

/** What no row has done, and the next attempt may find mended; a statement that took too long may be the row's own. */
function isOfDatabase(error: unknown): boolean {
  const fault = databaseFaultOf(error);
  return fault !== null && fault !== 'database_overloaded';
}

async function makeClaim(
  { importId, partnerAccountId: accountId, actor, submits }: OpenImport,
  row: number,
  content: WaitingRow['content'],
  { newClaims, begin }: ImportSurroundings,
): Promise<RowSettlement> {
  const commandId = rowCommandId(importId, row);
  const claim = await newClaims.prepare({ commandId, request: { importId, row }, actor, accountId }, content);
  const { claimId } = claim;
  if (!submits) {
    await newClaims.draft(claim);
    return { outcome: 'drafted', claimId };
  }
  const submission = await newClaims.submit(claim);
  await begin({ claimId, partnerAccountId: accountId });
  return { outcome: 'accepted', claimId, commandId: submission.commandId };
}

/** What a problem says, as findings of a row. */
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
