import { OutcomePendingError } from '../errors.js';
import type { AcceptedOperation, Operation } from '../generated/index.js';
import type { Outgoing, Send } from './outgoing.js';
import { pause, retryAfterMs } from './pause.js';

const firstPauseMs = 1_000;
const longestPauseMs = 5_000;

/**
 * Follows a command that was stored but not yet executed (202): reads its operation until there is an outcome, then repeats the request under its key,
 * which returns the outcome.
 */
export const withOutcome =
  (send: Send, { baseUrl, outcomeTimeoutMs }: { baseUrl: string; outcomeTimeoutMs: number }): Send =>
  async (outgoing) => {
    const endsAt = Date.now() + outcomeTimeoutMs;
    for (;;) {
      const response = await send(outgoing);
      const operationId = response.status === 202 ? await operationOf(response) : undefined;
      if (operationId === undefined) return response;
      const firstPause = retryAfterMs(response.headers) ?? firstPauseMs;
      const failed = await settled(send, readingOf(outgoing, `${baseUrl}/v1/operations/${operationId}`), operationId, {
        endsAt,
        firstPause,
      });
      if (failed !== undefined) return failed;
    }
  };

/** An import is accepted too, and has no operation. */
async function operationOf(response: Response): Promise<string | undefined> {
  const { operationId } = (await response.clone().json()) as Partial<AcceptedOperation>;
  return operationId;
}

/** Waits for the outcome. Returns an answer only if the operation could not be read. */
async function settled(
  send: Send,
  reading: Outgoing,
  operationId: string,
  { endsAt, firstPause }: { endsAt: number; firstPause: number },
): Promise<Response | undefined> {
  for (let pauseMs = firstPause; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    if (Date.now() + pauseMs > endsAt) throw new OutcomePendingError(operationId);
    await pause(pauseMs, reading.signal);
    const response = await send(reading);
    if (!response.ok) return response;
    const { status } = (await response.json()) as Operation;
    if (status !== 'accepted') return undefined;
  }
}

function readingOf({ headers, signal }: Outgoing, url: string): Outgoing {
  const kept = ['Authorization', 'Accept-Language'].flatMap((name): [string, string][] => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return { url, method: 'GET', headers: new Headers(kept), body: null, signal };
}
