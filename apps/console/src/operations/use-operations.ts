import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ApiProblem, call } from '../api/index.js';
import { healthReady, oversightReport, type Readiness } from '../client/index.js';

const refreshMs = 10_000;
const options = { refetchInterval: refreshMs, placeholderData: keepPreviousData, retry: false } as const;

/** Readiness is an answer even where it says that a part is missing (503). */
async function readReadiness(): Promise<Readiness> {
  let found: Readiness | undefined;
  try {
    return await call(async () => {
      const result = await healthReady();
      found = (result.data ?? result.error) as Readiness | undefined;
      return result;
    });
  } catch (error) {
    if (error instanceof ApiProblem && found?.checks !== undefined) return found;
    throw error;
  }
}

/** What an operator looks at, read again and again. */
export function useOperations() {
  const readiness = useQuery({ queryKey: ['operations', 'readiness'], queryFn: readReadiness, ...options });
  const report = useQuery({ queryKey: ['operations', 'report'], queryFn: () => call(() => oversightReport()), ...options });
  return { readiness, report };
}

export const pendingKey = ['operations', 'pending'];
export const pendingOptions = { refetchInterval: refreshMs };
