import { AssociationWatch } from './association-watch.js';
import type { AssociationReference } from './messages.js';

/**
 * One association, for as long as it has a clock, years if need be: expiry notices, the end of its subscription or its term, the renewal, the
 * hearing of its holder. Clocks K9 and K13. Its claim signals each change, and starts it anew when a later clock begins.
 */
export async function associationWorkflow(reference: AssociationReference): Promise<void> {
  const association = new AssociationWatch(reference);
  await association.refresh();
  while (association.hasClock) {
    await association.untilNextChange();
    await association.refresh();
  }
}
