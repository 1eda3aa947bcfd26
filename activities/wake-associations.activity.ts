import type { EngineAssociation, EngineClaim } from '#libs/engine/index.js';
import type { ActivityDependencies } from './dependencies.js';

/** Signals to associations that they have begun, changed or ended. This starts the workflow of a live one. */
export const wakeAssociationsActivity =
  ({ engine }: Pick<ActivityDependencies, 'engine'>) =>
  async ({ associations, ...claim }: EngineClaim & { associations: EngineAssociation[] }): Promise<void> => {
    for (const association of associations) await engine.wakeAssociation(claim, association);
  };
