import type { EngineAssociation, EngineClaim } from '#libs/engine/index.js';
import type { ActivityDependencies } from './dependencies.js';

/** Tells associations of a claim that they have begun, changed or ended; the workflow of a live one is started by it. */
export const wakeAssociationsActivity =
  ({ engine }: Pick<ActivityDependencies, 'engine'>) =>
  async ({ associations, ...claim }: EngineClaim & { associations: EngineAssociation[] }): Promise<void> => {
    for (const association of associations) await engine.wakeAssociation(claim, association);
  };
