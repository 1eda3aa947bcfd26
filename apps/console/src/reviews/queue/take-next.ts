import { call, newKey } from '../../api/index.js';
import { reviewQueueList, reviewQueueNext } from '../../client/index.js';

interface Asking {
  /** The claim just seen. */
  except: string | undefined;
  /** Who asks. */
  subject: string;
}

/**
 * Takes the most urgent claim that nobody has taken, and returns its id. If there is none, returns the first of what else waits for this reviewer:
 * claims already taken by them, disputes and holds. Null if nothing does.
 */
export async function takeNext({ except, subject }: Asking): Promise<string | null> {
  const taken = await call(() => reviewQueueNext({ headers: { 'Idempotency-Key': newKey() }, body: {} }));
  if (isClaim(taken)) return taken.claimId;
  const { items } = await call(() => reviewQueueList());
  const own = items.filter(({ claimId, reviewer }) => claimId !== except && (reviewer === null || reviewer === subject));
  return own[0]?.claimId ?? null;
}

/** Nothing left to take has no body, and a command that was stored first is answered without the claim. */
const isClaim = (taken: unknown): taken is { claimId: string; number: string } =>
  typeof taken === 'object' && taken !== null && 'claimId' in taken && 'number' in taken;
