import { randomUUID } from 'node:crypto';

export interface Answer<Body = Record<string, unknown>> {
  status: number;
  etag: string | null;
  location: string | null;
  body: Body;
}

/** Calls the API with one token, as a partner's or a reviewer's system would. */
export class ApiCaller {
  constructor(
    private readonly apiUrl: string,
    private readonly token: string,
  ) {}

  get<Body>(path: string): Promise<Answer<Body>> {
    return this.send<Body>('GET', path);
  }

  /** Each call is a new request and gets a new idempotency key; a retry would repeat the key. */
  post<Body>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.send<Body>('POST', path, body, { 'Idempotency-Key': randomUUID(), ...headers });
  }

  patch<Body>(path: string, body: unknown, etag: string): Promise<Answer<Body>> {
    return this.send<Body>('PATCH', path, body, { 'If-Match': etag });
  }

  private async send<Body>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    const isForm = body instanceof FormData;
    const response = await fetch(`${this.apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      location: response.headers.get('location'),
      body: (text === '' ? {} : JSON.parse(text)) as Body,
    };
  }
}
