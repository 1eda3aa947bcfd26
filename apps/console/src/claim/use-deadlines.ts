import { useQuery } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { deadlinesGet } from '../client/index.js';
import { claimKey } from './use-claim.js';

/** Days pass while a page is open. */
const refreshMs = 300_000;

/** Reads how the claim's deadlines were counted, and what is left of them by the product's clock. */
export const useDeadlines = (claimId: string) =>
  useQuery({
    queryKey: [...claimKey(claimId), 'deadlines'],
    queryFn: () => call(() => deadlinesGet({ path: { claimId } })),
    refetchInterval: refreshMs,
  });
