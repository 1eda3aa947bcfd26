import { Context } from '@temporalio/activity';
import { askDirectoryInTime } from '#libs/inbox/index.js';
import { creating, type ImportProgress, importRows, ImportStore, updating } from '#libs/imports/index.js';
import { NewClaims } from '#libs/new-claims/index.js';
import { reportExecution, SharedDeadlines } from '#libs/reconciliation/index.js';
import { imports } from '../temporal.config.js';
import type { ActivityDependencies } from './dependencies.js';

export interface ImportStep {
  importId: string;
  /** The state that an operator has requested by a signal. */
  requested?: 'running' | 'paused' | 'cancelled';
}

/** Creates or changes the claims of an import's next rows. A repeat continues with the rows that have no outcome. */
export const importRowsActivity = ({ source, library, scanner, directory, engine }: ActivityDependencies) => {
  const store = new ImportStore(source);
  const deadlines = new SharedDeadlines(source);
  const askDirectory = (claimId: string, details: Parameters<typeof askDirectoryInTime>[2]) =>
    askDirectoryInTime(directory, claimId, details);
  const create = creating({
    newClaims: new NewClaims({ source, library, scanner, askDirectory }),
    begin: (claim) => engine.begin(claim),
  });
  const update = updating({
    source,
    library,
    store,
    askDirectory,
    tell: async ({ isNew, ...claim }, { type, commandId }, execution) => {
      if (!execution.isNews) return;
      const executed = { type, commandId, execution, executedAt: performance.now() };
      // What is not told is found by the reconciliation.
      const tell = async () => {
        if (isNew) await engine.begin(claim);
        await reportExecution(engine, deadlines, claim, executed);
      };
      await tell().catch(() => undefined);
    },
    wake: (claim) => engine.wake(claim).catch(() => undefined),
  });
  return async ({ importId, requested }: ImportStep): Promise<ImportProgress> => {
    const { info } = Context.current();
    if (requested !== undefined) await store.move(importId, requested);
    return importRows(importId, {
      store,
      work: { create, update },
      isLastAttempt: info.attempt >= imports.lastAttemptOfRow,
      onProgress: () => Context.current().heartbeat(),
    });
  };
};
