import { DirectoryUnavailable } from './unavailable.js';

export interface DirectoryService {
  /** Where look-ups are posted. */
  url: string;
  /** Sent as a bearer token. */
  token: string | null;
}

export interface LookUpAttempt {
  body: string;
  requestId: string;
  /** Ends the attempt, its answer's body included. */
  signal: AbortSignal;
  maximumBytes: number;
}

/**
 * Posts one look-up and returns the JSON of its answer.
 * @throws DirectoryUnavailable for everything else: `isOfRecord` when only this question has no usable answer.
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
      throw refusal(response);
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
    // Leaving the loop ends the connection, so that the rest is never received.
    if (size > maximumBytes) throw new DirectoryUnavailable('unusable', `the answer is longer than ${maximumBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What sets out to be JSON and is none comes from one record; a page comes from something that stands before the directory. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (/^\s*[[{]/.test(text)) throw new DirectoryUnavailable('unusable', 'the answer is not well-formed JSON');
    throw new DirectoryUnavailable('malformed', "The directory's answer is not JSON.");
  }
}

/** Statuses by which a server refuses this question and not every one. */
const refusalsOfOne = [400, 413, 414, 422];

function refusal({ status, headers }: Response): DirectoryUnavailable {
  const told = `The directory answered ${status}.`;
  if (status === 429) return new DirectoryUnavailable('throttled', told, retryAfterMs(headers));
  if (status >= 500) return new DirectoryUnavailable('failed', told, retryAfterMs(headers));
  if (status === 401 || status === 403) return new DirectoryUnavailable('unauthorised', `${told} Check DIRECTORY_TOKEN.`);
  if (refusalsOfOne.includes(status)) return new DirectoryUnavailable('unusable', `the directory answers this question with ${status}`);
  if (status >= 400) return new DirectoryUnavailable('refused', `${told} Check DIRECTORY_URL.`);
  if (status >= 300) return new DirectoryUnavailable('redirected', `${told} Redirects are not followed; check DIRECTORY_URL.`);
  return new DirectoryUnavailable('malformed', `${told} The contract asks for 200.`);
}

/** `Retry-After` in seconds or as a date. */
function retryAfterMs(headers: Headers): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

/** Such as `ECONNREFUSED`. A message of the network library may name more than is good for a log. */
function networkCode(error: unknown): string {
  const { cause, code } = error as { cause?: { code?: string }; code?: string };
  return cause?.code ?? code ?? 'the connection broke';
}
