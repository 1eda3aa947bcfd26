import { AssociationWatch } from './association-watch.js';
import type { AssociationReference } from './messages.js';

/**
 * One association, from the instant it is official until it ends, for years if need be: expiry notices, the end of its subscription or its
 * term, the renewal, a holder's hearing. Clocks K9 and K13. Its end by people reaches it through its claim.
 */
export async function associationWorkflow(reference: AssociationReference): Promise<void> {
  const association = new AssociationWatch(reference);
  await association.review();
  while (association.isLive) {
    await association.news();
    await association.review();
  }
}
