import { ConnectionError } from '../errors.js';
import type { ClientOptions } from '../options.js';
import { isRepeatable, type Outgoing, type Send } from './outgoing.js';
import { pause, retryAfterMs } from './pause.js';

type Limits = Required<Pick<ClientOptions, 'retries' | 'longestPauseMs'>> & Pick<ClientOptions, 'onRetry'>;

const firstPauseMs = 250;
const longestBackoffMs = 10_000;
/** Answers of a gateway or a busy server, which a later attempt may not meet. */
const passing = [408, 429, 502, 503, 504];
/** Codes of Node's network errors after which the server has certainly received nothing. */
const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/**
 * Sends a request again after an answer that asks for it (`Retry-After`), a gateway's error or a lost connection. A request that would have its effect
 * twice is repeated only if the API has certainly not begun with it.
 */
export const withRetries =
  (send: Send, { retries, longestPauseMs, onRetry }: Limits): Send =>
  async (outgoing) => {
    for (let retry = 1; ; retry++) {
      const answer = await send(outgoing).catch((error: unknown) => failureOf(error, outgoing));
      const asked = answer instanceof Response && !answer.ok ? retryAfterMs(answer.headers) : null;
      const isLast = retry > retries || (asked ?? 0) > longestPauseMs;
      if (isLast || !mayHelp(answer, asked, outgoing)) {
        if (answer instanceof Response) return answer;
        throw answer;
      }
      const pauseMs = Math.round(asked === null ? backoffMs(retry) : asked * (1 + Math.random() / 10));
      const { method, url } = outgoing;
      onRetry?.({ method, url, attempt: retry, pauseMs, ...(answer instanceof Response && { status: answer.status }) });
      await pause(pauseMs, outgoing.signal);
    }
  };

function mayHelp(answer: Response | ConnectionError, asked: number | null, outgoing: Outgoing): boolean {
  if (!(answer instanceof Response)) return isRepeatable(outgoing) || neverSent.includes(codeOf(answer.cause));
  if (answer.ok) return false;
  return isRepeatable(outgoing) ? asked !== null || passing.includes(answer.status) : answer.status === 429;
}

/** Doubles with each retry, with jitter, so that callers who failed together do not come back together. */
const backoffMs = (retry: number): number => Math.min(firstPauseMs * 2 ** (retry - 1), longestBackoffMs) * (0.5 + Math.random() / 2);

/** @throws the reason of the caller's signal, which is no failure. */
function failureOf(error: unknown, { method, url, signal }: Outgoing): ConnectionError {
  if (signal.aborted) throw signal.reason;
  const { host, pathname } = new URL(url);
  const reason = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
  return new ConnectionError(`${method} ${pathname}: no answer from ${host} (${reason}).`, { cause: error });
}

/** The system's code, which Node's `fetch` wraps, once or in an `AggregateError` of all addresses. */
function codeOf(error: unknown): string {
  const { code, cause, errors } = error as { code?: string; cause?: unknown; errors?: unknown[] };
  if (typeof code === 'string') return code;
  if (Array.isArray(errors)) return codeOf(errors[0] ?? {});
  return cause === undefined ? '' : codeOf(cause);
}
