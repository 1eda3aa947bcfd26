import { call } from '../../api/index.js';
import { reviewQueueList } from '../../client/index.js';

/** Returns the most urgent claim that waits for this reviewer, other than the one just seen; null if there is none. */
export async function takeNext(except?: string): Promise<string | null> {
  const { items } = await call(() => reviewQueueList({ query: { limit: 2 } }));
  return items.find(({ claimId }) => claimId !== except)?.claimId ?? null;
}
