import { condition, continueAsNew, defineQuery, defineSignal, setHandler, sleep } from '@temporalio/workflow';
import type { ImportProgress } from '#libs/imports/index.js';
import { imports } from '../temporal.config.js';
import { wakeSignal } from './messages.js';
import { importRows } from './steps.js';

export interface ImportReference {
  importId: string;
}

/** What an operator asks by a signal; it is written down by the next step, since the import's row is what counts. */
export type ImportWish = 'running' | 'paused' | 'cancelled';

export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');
export const cancelSignal = defineSignal('cancel');
export const progressQuery = defineQuery<ImportProgress | null>('importProgress');

/**
 * One bulk import: its rows in batches, one batch at a time, with a pause after each that is at least as long as the batch was. Which rows
 * are left and whether to go on lies in PostgreSQL, so a run may end anywhere and another go on.
 */
export async function importWorkflow({ importId, wish: first }: ImportReference & { wish?: ImportWish }): Promise<void> {
  let wish = first;
  let wakeUps = 0;
  let progress: ImportProgress | null = null;
  const ask = (asked?: ImportWish) => () => {
    wish = asked ?? wish;
    wakeUps++;
  };
  setHandler(pauseSignal, ask('paused'));
  setHandler(resumeSignal, ask('running'));
  setHandler(cancelSignal, ask('cancelled'));
  setHandler(wakeSignal, ask());
  setHandler(progressQuery, () => progress);

  for (let batch = 0; batch < imports.batchesPerRun; batch++) {
    const [heard, asked, began] = [wakeUps, wish, Date.now()];
    wish = undefined;
    progress = await importRows({ importId, ...(asked && { wish: asked }) });
    if (progress.state === 'paused') await condition(() => wakeUps > heard);
    else if (progress.state === 'running') await sleep(Math.max(imports.shortestPauseMs, Date.now() - began));
    else return;
  }
  await continueAsNew<typeof importWorkflow>({ importId, ...(wish && { wish }) });
}
