import { executeCommands, type Execution } from '#libs/inbox/index.js';
import type { ActivityDependencies } from './dependencies.js';

/** Carries out a claim's stored commands and passed deadlines in one transaction. A repeat finds them done and answers alike. */
export const executeCommandsActivity =
  ({ source, library }: ActivityDependencies) =>
  ({ claimId }: { claimId: string }): Promise<Execution> =>
    executeCommands(source, library, claimId);
