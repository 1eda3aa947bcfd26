import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { watchClaim } from './live-claim.js';
import { claimKey, useClaim } from './use-claim.js';

const pollMs = 10_000;

/** Reads a claim and keeps it current: by server-sent events, or by polling where they do not come through. */
export function useLiveClaim(claimId: string) {
  const client = useQueryClient();
  const [isStreaming, setStreaming] = useState(true);
  const query = useClaim(claimId, isStreaming ? false : pollMs);
  const { data: claim } = query;
  const version = useRef(0);
  version.current = claim?.version ?? 0;

  useEffect(
    () =>
      watchClaim(
        claimId,
        {
          onVersion: (now) =>
            void (now > version.current && version.current > 0 && client.invalidateQueries({ queryKey: claimKey(claimId) })),
          onStreaming: setStreaming,
          onAccessEnd: () => void client.invalidateQueries({ queryKey: claimKey(claimId) }),
        },
        { open: (address) => new EventSource(address) },
      ),
    [claimId, client],
  );

  // Polling reads the claim alone; what hangs on it is read when the version has moved.
  const seen = useRef(0);
  const [changedAt, setChangedAt] = useState<number | null>(null);
  const now = claim?.version ?? 0;
  useEffect(() => {
    if (seen.current > 0 && now > seen.current) {
      setChangedAt(Date.now());
      void client.invalidateQueries({ queryKey: claimKey(claimId), predicate: ({ queryKey }) => queryKey.length > 2 });
    }
    seen.current = now;
  }, [now, claimId, client]);

  return { ...query, changedAt, isStreaming };
}
