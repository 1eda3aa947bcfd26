import { AssociationWatch } from './association-watch.js';
import type { AssociationReference } from './messages.js';

/**
 * One association, from the instant it becomes official until it ends, for years if need be: expiry notices, the end of its subscription or
 * its term, the renewal, the hearing of its holder. Clocks K9 and K13. When people end it, its claim signals the change.
 */
export async function associationWorkflow(reference: AssociationReference): Promise<void> {
  const association = new AssociationWatch(reference);
  await association.refresh();
  while (association.isLive) {
    await association.untilNextChange();
    await association.refresh();
  }
}
