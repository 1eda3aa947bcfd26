import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

export interface Answer<Body> {
  status: number;
  etag: string | null;
  location: string | null;
  body: Body;
}

/** How long a caller retries a request before it gives up. */
const patienceMs = 120_000;
const pauseMs = 200;

/** Use it in stories, chaos tests and the bench: a client that retries a request under the same key until the answer is no server fault. */
export class Caller {
  /** How many requests were retried after no answer or a server fault. */
  retries = 0;

  constructor(
    private readonly apiUrl: string,
    private readonly token: string,
  ) {}

  get<Body>(path: string): Promise<Answer<Body>> {
    return this.untilAnswered('GET', path);
  }

  post<Body>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.untilAnswered('POST', path, body, { 'idempotency-key': randomUUID(), ...headers });
  }

  patch<Body>(path: string, body: unknown, etag: string): Promise<Answer<Body>> {
    return this.untilAnswered('PATCH', path, body, { 'if-match': etag });
  }

  put<Body>(path: string, body: unknown, etag?: string): Promise<Answer<Body>> {
    return this.untilAnswered('PUT', path, body, etag === undefined ? {} : { 'if-match': etag });
  }

  private async untilAnswered<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    const isJson = body !== undefined && !(body instanceof FormData || body instanceof Blob);
    const request = {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
    };
    const { response, retries } = await fetchUntilAnswered(`${this.apiUrl}${path}`, request);
    this.retries += retries;
    const { status, text, etag, location, isJson: isAnswerJson } = response;
    // A download is not read any further.
    return { status, etag, location, body: (isAnswerJson && text !== '' ? JSON.parse(text) : {}) as Body };
  }
}

interface Fetched {
  status: number;
  text: string;
  etag: string | null;
  location: string | null;
  isJson: boolean;
}

/** Sends a request again after a lost connection or a 5xx, as any careful client does. */
export async function fetchUntilAnswered(url: string | URL, request: RequestInit = {}): Promise<{ response: Fetched; retries: number }> {
  const end = performance.now() + patienceMs;
  for (let retries = 0; ; retries++) {
    const seen = await fetchOnce(url, request).catch((error: unknown) => error as Error);
    if (!(seen instanceof Error) && seen.status < 500) return { response: seen, retries };
    if (performance.now() > end) {
      const last = seen instanceof Error ? String(seen.cause ?? seen.message) : `${seen.status} ${seen.text}`;
      throw new Error(`${request.method ?? 'GET'} ${new URL(url).pathname} got no answer within ${patienceMs / 1000} s; the last: ${last}`);
    }
    await delay(pauseMs);
  }
}

async function fetchOnce(url: string | URL, request: RequestInit): Promise<Fetched> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(20_000), ...request });
  const { status, headers } = response;
  const isJson = /json/.test(headers.get('content-type') ?? '');
  return { status, text: await response.text(), etag: headers.get('etag'), location: headers.get('location'), isJson };
}
