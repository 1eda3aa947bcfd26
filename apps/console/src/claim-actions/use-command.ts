import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiProblem, isProblem, newKey } from '../api/index.js';
import type { Claim } from '../client/index.js';
import { claimKey, readClaim } from '../claim/use-claim.js';

/** What a command is sent with. */
export interface Sending {
  /** `If-Match`: the version that the person has seen. */
  seen: string;
  seenVersion: number;
  /** `Idempotency-Key`. */
  key: string;
}

export interface Command {
  isPending: boolean;
  problem: ApiProblem | null;
  /** What the API refused, by the pointer of its field. */
  errors: Record<string, string>;
  /** The claim as it is now, if it had changed before the command arrived; `seenVersion` is the one that the person saw. */
  conflict: Claim | null;
  seenVersion: number;
  /** Sends the command. Resolves to whether it was accepted. */
  run: () => Promise<boolean>;
  /** Sends it again on the version that the conflict told of. */
  runAgain: () => Promise<boolean>;
}

/**
 * Sends one command of an open form. The key stays the same until the API has refused the request, so that a second click repeats it; after a refusal
 * the stored answer would come back under the same key. A claim that somebody changed meanwhile is a conflict, not an error.
 */
export function useCommand(claim: Claim, send: (sending: Sending) => Promise<unknown>, onDone: () => void): Command {
  const client = useQueryClient();
  const { claimId } = claim;
  const [seenVersion, setSeen] = useState(claim.version);
  const [key, setKey] = useState(newKey);
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [conflict, setConflict] = useState<Claim | null>(null);

  async function runOn(version: number, underKey: string): Promise<boolean> {
    setPending(true);
    setProblem(null);
    setConflict(null);
    try {
      await send({ seen: `"${version}"`, seenVersion: version, key: underKey });
      await client.invalidateQueries({ queryKey: claimKey(claimId) });
      onDone();
      return true;
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (error.status < 500) setKey(newKey());
      if (error.code === 'version_conflict') setConflict(await freshClaim());
      else setProblem(error);
      return false;
    } finally {
      setPending(false);
    }
  }

  const freshClaim = () => client.fetchQuery({ queryKey: claimKey(claimId), queryFn: () => readClaim(claimId), staleTime: 0 });

  return {
    isPending,
    problem,
    errors: problem?.fieldErrors ?? {},
    conflict,
    seenVersion,
    run: () => runOn(seenVersion, key),
    async runAgain() {
      if (conflict === null) return false;
      setSeen(conflict.version);
      return runOn(conflict.version, newKey());
    },
  };
}
