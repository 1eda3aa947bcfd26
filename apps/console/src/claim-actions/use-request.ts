import { useQuery } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { claimKey } from '../claim/use-claim.js';
import { type Claim, claimsHistory, type HistoryEntry } from '../client/index.js';

/** What a reviewer asked the partner for. */
export interface InformationRequest {
  requestId: string;
  reasons: string[];
  lines: number[];
  askedAt: string;
  comment: string | null;
  /** Lines that the evidence does not support, which the reviewer suggests dropping. */
  suggestedDrops: number[];
}

/** The open request of a claim, with what the reviewer wrote. The comment is null while it loads. */
export function useRequest(claim: Claim): InformationRequest | undefined {
  const { claimId } = claim;
  const owing = claim.lines.filter(({ phase }) => phase === 'action_required').map(({ line }) => line);
  const asked = claim.informationRequests.findLast(({ lines }) => lines.some((line) => owing.includes(line)));
  const told = useQuery({
    queryKey: [...claimKey(claimId), 'request', asked?.requestId ?? null],
    queryFn: () => findRequest(claimId, asked!.requestId),
    enabled: asked !== undefined,
  });
  if (asked === undefined) return undefined;
  return { ...asked, comment: null, suggestedDrops: [], ...told.data };
}

/** Looks for the request's event, from the newest back. */
async function findRequest(claimId: string, requestId: string): Promise<Pick<InformationRequest, 'comment' | 'suggestedDrops'>> {
  let cursor: string | undefined;
  do {
    const page = await call(() => claimsHistory({ path: { claimId }, query: { order: 'newest', limit: 100, ...(cursor && { cursor }) } }));
    const index = page.items.findIndex(({ type, data }) => type === 'InformationRequested' && data['requestId'] === requestId);
    if (index >= 0) return requestIn(page.items, index);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return { comment: null, suggestedDrops: [] };
}

/** A request that a dispute's decision made carries its comment there, right before it. */
function requestIn(items: HistoryEntry[], index: number): Pick<InformationRequest, 'comment' | 'suggestedDrops'> {
  const [event, before] = [items[index]!, items[index + 1]];
  const comment = event.comment ?? (before?.type === 'DisputeDecided' ? before.comment : null);
  return { comment, suggestedDrops: (event.data['suggestedDrops'] as number[] | undefined) ?? [] };
}
