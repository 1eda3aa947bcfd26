import { Context } from '@temporalio/activity';
import { askDirectoryInTime } from '#libs/inbox/index.js';
import { type ImportProgress, importRows, ImportStore } from '#libs/imports/index.js';
import { NewClaims } from '#libs/new-claims/index.js';
import { imports } from '../temporal.config.js';
import type { ActivityDependencies } from './dependencies.js';

export interface ImportStep {
  importId: string;
  /** The state that an operator has requested by a signal. */
  requested?: 'running' | 'paused' | 'cancelled';
}

/** Creates the claims of an import's next rows. A repeat continues with the rows that have no outcome. */
export const importRowsActivity = ({ source, library, scanner, directory, engine }: ActivityDependencies) => {
  const store = new ImportStore(source);
  const newClaims = new NewClaims({
    source,
    library,
    scanner,
    askDirectory: (claimId, details) => askDirectoryInTime(directory, source, claimId, details),
  });
  return async ({ importId, requested }: ImportStep): Promise<ImportProgress> => {
    const { info } = Context.current();
    if (requested !== undefined) await store.move(importId, requested);
    return importRows(importId, {
      store,
      newClaims,
      begin: (claim) => engine.begin(claim),
      isLastAttempt: info.attempt >= imports.lastAttemptOfRow,
      onProgress: () => Context.current().heartbeat(),
    });
  };
};
