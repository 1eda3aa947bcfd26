import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiProblem, call, isProblem, newKey } from '../api/index.js';
import { webhooksList, webhooksRead } from '../client/index.js';

/** Begins the key of every query about webhooks. */
export const webhooksKey = ['webhooks'];

/** Attempts happen without the person: what is shown is read again. */
const refreshMs = 5_000;

export const useEndpoints = () =>
  useQuery({ queryKey: [...webhooksKey, 'list'], queryFn: () => call(() => webhooksList()), refetchInterval: refreshMs });

export const useEndpoint = (endpointId: string) =>
  useQuery({
    queryKey: [...webhooksKey, endpointId],
    queryFn: () => call(() => webhooksRead({ path: { endpointId } })),
    refetchInterval: refreshMs,
  });

/** Sends a change, under a key that stays the same until it was accepted or refused, and reads everything about webhooks again. */
export function useChange<Input = void, Output = unknown>(
  send: (input: Input, headers: { 'Idempotency-Key': string }) => Promise<Output>,
  onDone?: (output: Output) => void,
) {
  const client = useQueryClient();
  const [key, setKey] = useState(newKey);
  const change = useMutation({
    mutationFn: (input: Input) => send(input, { 'Idempotency-Key': key }),
    onSuccess: async (output) => {
      setKey(newKey());
      await client.invalidateQueries({ queryKey: webhooksKey });
      onDone?.(output);
    },
    onError: (error) => isProblem(error) && error.status < 500 && setKey(newKey()),
  });
  const problem: ApiProblem | null = isProblem(change.error) ? change.error : null;
  return { ...change, problem };
}
