import { isAwaitingDirectory, lookUpForClaim } from '#libs/inbox/index.js';
import { recordStuck } from '#libs/reconciliation/index.js';
import type { ActivityDependencies } from './dependencies.js';

/**
 * Asks the customer directory about a claim and keeps the answer for the commands, or the closing window, that wait for it. Does nothing
 * when nothing waits any more: the window was closed together with others.
 */
export const lookUpDirectoryActivity =
  ({ source, directory }: ActivityDependencies) =>
  async ({ claimId }: { claimId: string }): Promise<void> => {
    try {
      if (await isAwaitingDirectory(source, claimId)) await lookUpForClaim(directory, source, claimId);
    } catch (error) {
      // It is tried until it goes through: not without being seen.
      await recordStuck(source, claimId, 'look_up', error);
      throw error;
    }
  };
