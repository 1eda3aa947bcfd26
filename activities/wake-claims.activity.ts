import type { EngineClaim } from '#libs/engine/index.js';
import type { ActivityDependencies } from './dependencies.js';

/** Rings at the workflows of claims that another one has changed. One that cannot be rung for keeps nobody else waiting. */
export const wakeClaimsActivity =
  ({ engine }: Pick<ActivityDependencies, 'engine'>) =>
  async ({ claims }: { claims: EngineClaim[] }): Promise<void> => {
    const rung = await Promise.allSettled(claims.map((claim) => engine.wake(claim)));
    const failed = rung.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  };
