import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiProblem, call, isProblem, newKey } from '../api/index.js';
import { claimKey } from '../claim/use-claim.js';
import { type Snapshot, snapshotsList } from '../client/index.js';
import { usePages } from '../lists/index.js';

const snapshotsKey = (claimId: string): string[] => [...claimKey(claimId), 'snapshots'];

/** The links of a claim that the reader may see, newest first. */
export const useSnapshots = (claimId: string) =>
  usePages<Snapshot, { items: Snapshot[]; next: string | null }>(snapshotsKey(claimId), (cursor) =>
    call(() => snapshotsList({ path: { claimId }, query: { limit: 20, ...(cursor && { cursor }) } })),
  );

/** Sends a change of a claim's links, under a key that stays the same until it was accepted or refused. */
export function useSnapshotChange<Input, Output>(
  claimId: string,
  send: (input: Input, headers: { 'Idempotency-Key': string }) => Promise<Output>,
  onDone: (output: Output) => void,
) {
  const client = useQueryClient();
  const [key, setKey] = useState(newKey);
  const change = useMutation({
    mutationFn: (input: Input) => send(input, { 'Idempotency-Key': key }),
    onSuccess: async (output) => {
      setKey(newKey());
      onDone(output);
      await client.invalidateQueries({ queryKey: snapshotsKey(claimId) });
    },
    onError: (error) => isProblem(error) && error.status < 500 && setKey(newKey()),
  });
  const problem: ApiProblem | null = isProblem(change.error) ? change.error : null;
  return { ...change, problem };
}
