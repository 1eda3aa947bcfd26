import { condition, continueAsNew, defineQuery, defineSignal, setHandler, sleep } from '@temporalio/workflow';
import type { ImportProgress } from '#libs/imports/index.js';
import { imports } from '../temporal.config.js';
import { wakeSignal } from './messages.js';
import { importRows } from './steps.js';

export interface ImportReference {
  importId: string;
}

/** The state that an operator requests by a signal. The next step stores it: the import's row decides. */
export type RequestedState = 'running' | 'paused' | 'cancelled';

export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');
export const cancelSignal = defineSignal('cancel');
export const progressQuery = defineQuery<ImportProgress | null>('importProgress');

/**
 * One bulk import: one batch of rows after another, each followed by a pause at least as long as the batch took. PostgreSQL knows which rows
 * are left and whether to continue, so a run may end anywhere and the next one takes over.
 */
export async function importWorkflow({ importId, requested: first }: ImportReference & { requested?: RequestedState }): Promise<void> {
  let requested = first;
  let wakeUps = 0;
  let progress: ImportProgress | null = null;
  const onSignal = (state?: RequestedState) => () => {
    requested = state ?? requested;
    wakeUps++;
  };
  setHandler(pauseSignal, onSignal('paused'));
  setHandler(resumeSignal, onSignal('running'));
  setHandler(cancelSignal, onSignal('cancelled'));
  setHandler(wakeSignal, onSignal());
  setHandler(progressQuery, () => progress);

  for (let batch = 0; batch < imports.batchesPerRun; batch++) {
    const [wakeUpsBefore, state, startedAt] = [wakeUps, requested, Date.now()];
    requested = undefined;
    progress = await importRows({ importId, ...(state && { requested: state }) });
    if (progress.state === 'paused') await condition(() => wakeUps > wakeUpsBefore);
    else if (progress.state === 'running') await sleep(Math.max(imports.shortestPauseMs, Date.now() - startedAt));
    else return;
  }
  await continueAsNew<typeof importWorkflow>({ importId, ...(requested && { requested }) });
}
