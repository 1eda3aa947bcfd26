import { useQuery } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { claimKey } from '../claim/use-claim.js';
import { signaturesList } from '../client/index.js';
import { useSession } from '../session/index.js';

const pollMs = 3_000;

/** The requests to sign of a claim, the latest first. That a mail has left changes no version of the claim, so it is asked for. */
export function useSignatures(claimId: string) {
  const session = useSession();
  return useQuery({
    queryKey: [...claimKey(claimId), 'signatures'],
    queryFn: async () => (await call(() => signaturesList({ path: { claimId } }))).items.toReversed(),
    enabled: session.can('evidence.read'),
    refetchInterval: ({ state: { data } }) => (data?.some(({ state, mail }) => state === 'open' && mail === 'waiting') ? pollMs : false),
  });
}
