import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { type ImportKind, ImportStore, type NewRow, type OpenImport } from '#libs/imports/index.js';
import { fingerprintOf } from '#libs/inbox/index.js';
import { Problem } from '#libs/problems/index.js';
import { type Caller, requestIdOf } from '../auth/caller.js';
import { actorOf } from '../commands/actor.js';
import { WorkflowWaker } from '../commands/workflow-waker.js';
import { newClaimRows, type RowForm } from './import.row.js';
import { type ImportFormat, type SentRow, SentRows } from './sent-rows.js';
import { claimUpdateRows, updateScopes } from './update.row.js';

export const maximumRows = 5_000;
/** Rows per statement; fewer if inline files make them large. */
const batchRows = 100;
const batchBytes = 1024 * 1024;

const forms: Record<ImportKind, RowForm> = { create: newClaimRows, update: claimUpdateRows };

/** What is sent: claims to create and perhaps submit, or changes to claims, which may be only tried. */
export type ImportRequest = { format: ImportFormat } & ({ kind: 'create'; submits: boolean } | { kind: 'update'; isDryRun: boolean });

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
  async take(caller: Caller, request: ImportRequest, body: Readable): Promise<string> {
    const { scope } = caller;
    const { format, ...rest } = request;
    const partnerAccountId = scope.kind === 'partner' ? scope.accountId : '';
    const scopes = request.kind === 'update' ? { scopes: updateScopes(caller) } : {};
    const importId = await this.store.begin({ ...rest, ...scopes, partnerAccountId, actor: actorOf(caller) });
    try {
      const form = forms[request.kind];
      const rows = new SentRows(body, format, form.table);
      await this.storeRows(importId, rows, (sent) => form.read(sent, rows, caller));
      const completed = await this.complete(importId, requestIdOf(caller), fingerprintOf({ ...request, sha256: rows.digest() }));
      this.waker.wakeImport(completed);
      return completed.importId;
    } catch (error) {
      body.resume();
      await this.store.discard(importId);
      throw error;
    }
  }

  /** Pauses, resumes or cancels an import. */
  async move(caller: Caller, kind: ImportKind, importId: string, to: 'running' | 'paused' | 'cancelled'): Promise<void> {
    const found = await this.find(caller.scope, caller.principal.subject, kind, importId);
    if (found.state !== to && (found.state === 'done' || found.state === 'cancelled')) throw new Problem('import_ended');
    await this.store.move(importId, to);
    this.waker.wakeImport(found);
  }

  /** Finds an import of the caller's company: the caller's own, or any if the caller covers all locations. */
  async find(scope: Scope, subject: string, kind: ImportKind, importId: string): Promise<OpenImport> {
    const found = await this.store.find(importId);
    const isVisible =
      scope.kind === 'partner' &&
      found?.kind === kind &&
      found.partnerAccountId === scope.accountId &&
      (scope.locations === 'all' || found.actor.subject === subject);
    if (found === null || !isVisible) throw new Problem('not_found');
    return found;
  }

  private async storeRows(importId: string, rows: SentRows, read: (sent: SentRow) => NewRow): Promise<void> {
    let batch: NewRow[] = [];
    let count = 0;
    let storedBytes = 0;
    for await (const sent of rows.read()) {
      if (++count > maximumRows) throw new Problem('import_too_large', { detail: `At most ${maximumRows} rows are accepted.` });
      batch.push(read(sent));
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
