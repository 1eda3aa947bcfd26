import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem, type ProblemError } from '#libs/problems/index.js';
import { readClock } from '#libs/event-store/index.js';
import { findUsageImport, importUsage, listUsageImportErrors, type UsageImport, type UsageImportOutcome } from '#libs/usage/index.js';
import { type Caller, requestIdOf } from '../auth/caller.js';
import { page } from '../http/cursor.js';
import type { ImportErrorsQuery, ImportQuery } from './usage.query.js';

/** Imports the vendor's usage files, and reports the outcome. */
@Injectable()
export class UsageImportService {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async import(caller: Caller, { set, programme }: ImportQuery, csv: Readable): Promise<UsageImport> {
    const policy = await this.library.policyInForce(programme, await readClock(this.source));
    if (policy === null) throw await this.unknownProgramme(programme);
    const importId = requestIdOf(caller);
    const file = { importId, set, programme, products: policy.products, importedBy: caller.principal.subject, csv };
    const outcome = await importUsage(this.source, file);
    const problem = problemOf(outcome);
    if (problem !== null) throw problem;
    return this.find(importId);
  }

  async find(importId: string): Promise<UsageImport> {
    const found = await findUsageImport(this.source.manager, importId);
    if (found === null) throw new Problem('not_found');
    return found;
  }

  async errors(importId: string, { cursor: after = 0, limit }: ImportErrorsQuery) {
    await this.find(importId);
    const errors = await listUsageImportErrors(this.source.manager, importId, { after, limit: limit + 1 });
    const { items, next } = page(errors, limit, ({ position }) => position);
    return { items: items.map(({ position: _position, ...error }) => error), next };
  }

  private async unknownProgramme(programme: string): Promise<Problem> {
    const message = `There is no programme ${programme}. Available programmes: ${(await this.library.programmes()).join(', ')}`;
    return new Problem('invalid_request', { detail: `${message}.`, errors: [{ field: 'programme', code: 'programme_unknown', message }] });
  }
}

const headerMessages = {
  column_unknown: 'The data set has no column of this name. GET /v1/usage/sets lists its columns',
  column_missing: 'The data set requires this column',
  column_repeated: 'The header repeats this column',
};

function problemOf(outcome: UsageImportOutcome): Problem | null {
  switch (outcome.result) {
    case 'published':
    case 'repeated':
      return null;
    case 'busy':
      return new Problem('usage_import_in_progress', { headers: { 'Retry-After': '30' } });
    case 'conflict':
      return new Problem('idempotency_conflict');
    case 'unreadable': {
      const message = `Line ${outcome.line} is not well-formed CSV`;
      return new Problem('usage_file_unreadable', {
        detail: `${message}.`,
        errors: [{ line: outcome.line, code: 'usage_file_unreadable', message }],
      });
    }
    case 'header_refused': {
      const errors = outcome.faults.map(
        ({ column, code }): ProblemError => ({ field: column, line: 1, code, message: headerMessages[code] }),
      );
      return new Problem('invalid_request', {
        detail: `${errors[0]?.field}: ${errors[0]?.message}. Nothing was imported.`,
        errors,
      });
    }
  }
}
