import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { findingsOf, ImportStore, type NewRow, type OpenImport } from '#libs/imports/index.js';
import { fingerprintOf } from '#libs/inbox/index.js';
import { Problem, type ProblemError } from '#libs/problems/index.js';
import { type Caller, requestIdOf } from '../auth/caller.js';
import { NewClaim } from '../claims/claim.body.js';
import { refuseForeignLocation } from '../claims/location-scope.js';
import { actorOf } from '../commands/actor.js';
import { WorkflowWaker } from '../commands/workflow-waker.js';
import { isFreeOfAddresses } from '../http/text.schema.js';
import { shapeErrors } from '../http/validation.pipe.js';
import { type ImportFormat, type SentRow, SentRows } from './sent-rows.js';

export const maximumRows = 5_000;
/** Rows per statement; fewer if inline files make them large. */
const batchRows = 100;
const batchBytes = 1024 * 1024;

const RowBody = NewClaim.omit({ submit: true });

/** Receives imports, and runs, pauses and cancels them. Only the shape of rows is checked here; the rules follow later. */
@Injectable()
export class ImportService {
  private readonly store: ImportStore;

  constructor(
    source: DataSource,
    private readonly waker: WorkflowWaker,
  ) {
    this.store = new ImportStore(source);
  }

  /** Stores every row of a body, or none, and starts the import. A retry returns the same import. */
  async take(caller: Caller, format: ImportFormat, submits: boolean, body: Readable): Promise<string> {
    const { scope } = caller;
    const importId = await this.store.begin(scope.kind === 'partner' ? scope.accountId : '', actorOf(caller), submits);
    try {
      const rows = new SentRows(body, format);
      await this.storeRows(importId, rows, scope);
      const fingerprint = fingerprintOf({ format, submits, sha256: rows.digest() });
      const completed = await this.complete(importId, requestIdOf(caller), fingerprint);
      this.waker.wakeImport(completed);
      return completed.importId;
    } catch (error) {
      body.resume();
      await this.store.discard(importId);
      throw error;
    }
  }

  /** Pauses, resumes or cancels an import. */
  async move(scope: Scope, subject: string, importId: string, to: 'running' | 'paused' | 'cancelled'): Promise<void> {
    const found = await this.find(scope, subject, importId);
    if (found.state !== to && (found.state === 'done' || found.state === 'cancelled')) throw new Problem('import_ended');
    await this.store.move(importId, to);
    this.waker.wakeImport(found);
  }

  /** Finds an import of the caller's company: the caller's own, or any if the caller covers all locations. */
  async find(scope: Scope, subject: string, importId: string): Promise<OpenImport> {
    const found = await this.store.find(importId);
    const isVisible =
      scope.kind === 'partner' &&
      found?.partnerAccountId === scope.accountId &&
      (scope.locations === 'all' || found.actor.subject === subject);
    if (found === null || !isVisible) throw new Problem('not_found');
    return found;
  }

  private async storeRows(importId: string, rows: SentRows, scope: Scope): Promise<void> {
    let batch: NewRow[] = [];
    let count = 0;
    let storedBytes = 0;
    for await (const sent of rows.read()) {
      if (++count > maximumRows) throw new Problem('import_too_large', { detail: `At most ${maximumRows} rows are accepted.` });
      batch.push(readRow(sent, rows, scope));
      if (batch.length < batchRows && rows.bytesRead - storedBytes < batchBytes) continue;
      await this.store.addRows(importId, batch);
      batch = [];
      storedBytes = rows.bytesRead;
    }
    if (count === 0) throw new Problem('import_empty');
    if (batch.length > 0) await this.store.addRows(importId, batch);
  }

  private async complete(importId: string, requestId: string, fingerprint: string): Promise<OpenImport> {
    const completed = await this.store.complete(importId, requestId, fingerprint);
    if (completed !== null) return completed;
    const earlier = await this.store.findByRequest(requestId);
    await this.store.discard(importId);
    if (earlier?.fingerprint !== fingerprint) throw new Problem('idempotency_conflict');
    return earlier;
  }
}

function readRow(sent: SentRow, rows: SentRows, scope: Scope): NewRow {
  const { row } = sent;
  if ('errors' in sent) return refused(row, sent.errors);
  const parsed = RowBody.safeParse(sent.body);
  if (!parsed.success)
    return refused(
      row,
      shapeErrors(parsed.error.issues).map((error) => rows.nameOf(error)),
    );
  try {
    refuseForeignLocation(scope, parsed.data.partnerId);
    return { row, content: parsed.data };
  } catch (error) {
    if (error instanceof Problem) return { row, findings: findingsOf(error) };
    throw error;
  }
}

/** Findings outlive the row's content, so a field name that is an email address is not stored. */
const refused = (row: number, errors: ProblemError[]): NewRow => ({
  row,
  findings: findingsOf(new Problem('invalid_request', { errors: errors.map(withoutAddress) })),
});

function withoutAddress({ field, ...error }: ProblemError): ProblemError {
  return field === undefined || !isFreeOfAddresses(field) ? error : { ...error, field };
}
