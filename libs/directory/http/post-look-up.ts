import { DirectoryUnavailable } from '../directory-unavailable.js';

export interface DirectoryService {
  url: string;
  /** Bearer token, or null if the service needs none. */
  token: string | null;
}

export interface LookUpAttempt {
  body: string;
  requestId: string;
  /** Aborts the attempt, including the reading of the body. */
  signal: AbortSignal;
  maximumBytes: number;
}

/**
 * Posts one look-up and returns the parsed JSON body.
 * @throws DirectoryUnavailable otherwise; `isOfRecord` if only this question has no usable answer.
 */
export async function postLookUp({ url, token }: DirectoryService, attempt: LookUpAttempt): Promise<unknown> {
  const { body, requestId, signal, maximumBytes } = attempt;
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal,
      body,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'user-agent': 'cpor',
        'x-request-id': requestId,
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw faultOf(response);
    }
    return parse(await readBody(response, maximumBytes));
  } catch (error) {
    if (error instanceof DirectoryUnavailable) throw error;
    if (signal.aborted) throw new DirectoryUnavailable('timed_out', 'The directory did not answer in time.');
    throw new DirectoryUnavailable('unreachable', `The directory cannot be reached: ${networkCode(error)}.`);
  }
}

async function readBody(response: Response, maximumBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    // Leaving the loop closes the connection, so the rest is never received.
    if (size > maximumBytes) throw new DirectoryUnavailable('unusable', `the answer exceeds ${maximumBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Broken JSON points to one bad record; anything else, such as an HTML page, comes from a proxy in front of the directory. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (/^\s*[[{]/.test(text)) throw new DirectoryUnavailable('unusable', 'the answer is not well-formed JSON');
    throw new DirectoryUnavailable('malformed', "The directory's answer is not JSON.");
  }
}

/** Statuses that reject this question but say nothing about others. */
const questionRejected = [400, 413, 414, 422];

function faultOf({ status, headers }: Response): DirectoryUnavailable {
  const message = `The directory answered with status ${status}.`;
  if (status === 429) return new DirectoryUnavailable('throttled', message, retryAfterMs(headers));
  if (status >= 500) return new DirectoryUnavailable('failed', message, retryAfterMs(headers));
  if (status === 401 || status === 403) return new DirectoryUnavailable('unauthorised', `${message} Check DIRECTORY_TOKEN.`);
  if (questionRejected.includes(status)) return new DirectoryUnavailable('unusable', `the directory answered with status ${status}`);
  if (status >= 400) return new DirectoryUnavailable('refused', `${message} Check DIRECTORY_URL.`);
  if (status >= 300) return new DirectoryUnavailable('redirected', `${message} Redirects are not followed; check DIRECTORY_URL.`);
  return new DirectoryUnavailable('malformed', `${message} The contract requires 200.`);
}

/** Reads `Retry-After`, which is in seconds or an HTTP date. */
function retryAfterMs(headers: Headers): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

/** Returns a code such as `ECONNREFUSED`. Messages of the network library can contain more than should be logged. */
function networkCode(error: unknown): string {
  const { cause, code } = error as { cause?: { code?: string }; code?: string };
  return cause?.code ?? code ?? 'the connection was lost';
}
