export interface Forwarded {
  status: number | null;
  ms: number;
  /** Why there was no answer. */
  fault: string | null;
}

/** As long as the installation waits for a receiver. */
const timeoutMs = 15_000;

/** Sends a webhook to an address of this machine, and says what came of it. Never throws. */
export async function forward(
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string },
  interrupted: AbortSignal,
): Promise<Forwarded> {
  const startedAt = performance.now();
  const ms = () => Math.round(performance.now() - startedAt);
  try {
    const options = { method: 'POST', headers, body, redirect: 'manual' } as const;
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), interrupted]);
    const { status, body: answer } = await fetch(url, { ...options, signal });
    await answer?.cancel();
    return { status, ms: ms(), fault: null };
  } catch (error) {
    const { cause, message, name } = error as Error & { cause?: NodeJS.ErrnoException };
    const fault = name === 'TimeoutError' ? `no answer within ${timeoutMs / 1000} s` : (cause?.code ?? cause?.message ?? message);
    return { status: null, ms: ms(), fault };
  }
}

export const isDelivered = ({ status }: Forwarded): boolean => status !== null && status >= 200 && status < 300;
