import { useQuery } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { type Claim, claimsGet } from '../client/index.js';

export const claimKey = (claimId: string): string[] => ['claim', claimId];

export const readClaim = (claimId: string): Promise<Claim> => call(() => claimsGet({ path: { claimId } }));

/** Reads a claim. Everything else about it has a key that begins with `claimKey`, so that one invalidation refreshes the page. */
export const useClaim = (claimId: string, refetchInterval: number | false = false) =>
  useQuery({ queryKey: claimKey(claimId), queryFn: () => readClaim(claimId), refetchInterval });
