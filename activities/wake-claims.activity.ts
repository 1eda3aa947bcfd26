import type { EngineClaim } from '#libs/engine/index.js';
import type { ActivityDependencies } from './dependencies.js';

/** Wakes the workflows of claims that another claim has changed. One that cannot be woken never blocks the others. */
export const wakeClaimsActivity =
  ({ engine }: Pick<ActivityDependencies, 'engine'>) =>
  async ({ claims }: { claims: EngineClaim[] }): Promise<void> => {
    const wakeUps = await Promise.allSettled(claims.map((claim) => engine.wake(claim)));
    const failed = wakeUps.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  };
