import {
  allHandlersFinished,
  condition,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type { FloorActivities } from './floor.activities.js';

const local = proxyLocalActivities<FloorActivities>({ startToCloseTimeout: '3s' });
const { notify } = proxyActivities<FloorActivities>({ startToCloseTimeout: '10s' });

export const submit = defineUpdate<string, [string]>('submit');
export const approve = defineUpdate<string, [string]>('approve');

/** The minimum that the same messages cost on Temporal: two updates, a notice, a timer, and steps that do nothing. */
export async function floorWorkflow(windowMs: number): Promise<void> {
  let isApproved = false;
  setHandler(submit, async (id) => {
    await local.step();
    return id;
  });
  setHandler(approve, async (id) => {
    await local.step();
    isApproved = true;
    return id;
  });
  await condition(() => isApproved);
  await notify();
  await local.step();
  await sleep(windowMs);
  await local.step();
  await condition(allHandlersFinished);
}
