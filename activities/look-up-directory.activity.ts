import { lookUpForClaim } from '#libs/inbox/index.js';
import { recordStuck } from '#libs/reconciliation/index.js';
import type { ActivityDependencies } from './dependencies.js';

/** Asks the customer directory about a claim and stores the answer for the commands, or the closing window, that wait for it. */
export const lookUpDirectoryActivity =
  ({ source, directory }: ActivityDependencies) =>
  async ({ claimId }: { claimId: string }): Promise<void> => {
    try {
      await lookUpForClaim(directory, source, claimId);
    } catch (error) {
      // The step is retried until it succeeds, and operators must see that.
      await recordStuck(source, claimId, 'look_up', error);
      throw error;
    }
  };
