import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiProblem, call, isProblem, newKey } from '../api/index.js';
import { type AcceptedOperation, answersList, type Operation, type TenantAnswer } from '../client/index.js';
import { useLanguage } from '../i18n/index.js';

/** What a command did, as the API recorded it. */
export interface Receipt {
  /** What to quote when asking about it. */
  reference: string;
  /** The instant that decides whether the answer was in time. */
  receivedAt: string;
  /** One for each effect: a refusal that came after the period ends an association. */
  effects: TenantAnswer[];
}

interface Answering {
  isPending: boolean;
  problem: ApiProblem | null;
  /** What the API refused, by the pointer of its field. */
  errors: Record<string, string>;
  run: () => Promise<void>;
}

type Sent = Operation | AcceptedOperation;

/**
 * Sends an answer of an open form. The key stays the same until the API has refused the request, so that a second click repeats it. Then asks what
 * the answer did, because only the API knows whether it was in time.
 */
export function useAnswer(tenantId: string, send: (key: string) => Promise<Sent>, onDone: (receipt: Receipt) => void): Answering {
  const client = useQueryClient();
  const { language } = useLanguage();
  const [key, setKey] = useState(newKey);
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  return {
    isPending,
    problem,
    errors: problem?.fieldErrors ?? {},
    async run() {
      setPending(true);
      setProblem(null);
      try {
        const { operationId: reference, receivedAt } = await send(key);
        const { items } = await call(() => answersList({ path: { tenantId }, query: { language, limit: 20 } }));
        await client.invalidateQueries({ queryKey: portalKey });
        onDone({ reference, receivedAt, effects: items.filter((item) => item.reference === reference) });
      } catch (error) {
        if (!isProblem(error)) throw error;
        if (error.status < 500) setKey(newKey());
        setProblem(error);
      } finally {
        setPending(false);
      }
    },
  };
}

/** The beginning of the key of everything that the portal reads: an answer may change all of it. */
export const portalKey = ['portal'];
