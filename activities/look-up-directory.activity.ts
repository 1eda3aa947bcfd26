import { lookUpForClaim } from '#libs/inbox/index.js';
import type { ActivityDependencies } from './dependencies.js';

/** Asks the customer directory about a claim and keeps the answer for the commands, or the closing window, that wait for it. */
export const lookUpDirectoryActivity =
  ({ source, directory }: ActivityDependencies) =>
  ({ claimId }: { claimId: string }): Promise<void> =>
    lookUpForClaim(directory, source, claimId);
