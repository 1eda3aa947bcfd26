import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** What a command came to, as its sender learned it. */
export interface Settled {
  result: 'done' | 'refused';
  /** The codes of a refusal. */
  codes: string[];
  status: number;
  body: Record<string, unknown>;
  /** When the first attempt was sent and the first usable answer came. */
  span: { from: number; to: number };
}

interface Reply {
  status: number;
  body: Record<string, unknown>;
  etag: string | null;
  location: string | null;
}

const pauseMs = 250;
/** The longest that a caller may have to wait: no fault lasts as long. */
const patienceMs = 480_000;
const attemptMs = 15_000;

/** A caller who repeats a request under one key until it has an answer, and then waits for the outcome. */
export class Sender {
  constructor(
    private readonly apiUrl: string,
    readonly token: string,
    private readonly onRetry: () => void,
  ) {}

  async get<Body>(path: string): Promise<{ status: number; body: Body; etag: string; attempts: number }> {
    const { status, body, etag, attempts } = await this.untilAnswered('GET', path);
    return { status, body: body as Body, etag: etag ?? '', attempts };
  }

  /** Reads every page of a list. */
  async all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor = ''; ; ) {
      const { status, body } = await this.get<{ items: Item[]; next: string | null }>(
        `${path}${path.includes('?') ? '&' : '?'}limit=100${cursor}`,
      );
      if (status !== 200) throw new Error(`GET ${path} was answered ${status}: ${JSON.stringify(body)}`);
      items.push(...body.items);
      if (body.next === null) return items;
      cursor = `&cursor=${encodeURIComponent(body.next)}`;
    }
  }

  /** Sends a command and waits for its outcome. `isTwice` sends it twice at once under the same key. */
  async send(method: string, path: string, body: unknown, etag: string | null = null, isTwice = false): Promise<Settled> {
    const headers = { 'idempotency-key': randomUUID(), ...(etag === null ? {} : { 'if-match': etag }) };
    const from = Date.now();
    const attempts = Array.from({ length: isTwice ? 2 : 1 }, () => this.untilAnswered(method, path, body, headers));
    const replies = await Promise.all(attempts);
    const to = Date.now();
    const outcomes = await Promise.all(replies.map((reply) => this.outcomeOf(reply)));
    const [first, second] = outcomes;
    if (second !== undefined && (first!.result !== second.result || first!.codes.join() !== second.codes.join()))
      throw new Error(`One key, two outcomes: ${JSON.stringify(outcomes)}`);
    return { ...first!, span: { from, to } };
  }

  private async outcomeOf(reply: Reply): Promise<Omit<Settled, 'span'>> {
    const { status, body, location } = reply;
    if (status !== 202) return settledBy(status, body);
    const until = performance.now() + patienceMs;
    for (;;) {
      const { body: operation } = await this.untilAnswered('GET', location!);
      if (operation['status'] === 'done') return { result: 'done', codes: [], status, body };
      if (operation['status'] === 'refused')
        return { result: 'refused', codes: codesOf(operation['errors'] as { code: string }[]), status, body };
      if (performance.now() > until) throw new Error(`${location} had no outcome within ${patienceMs / 1000} s.`);
      await delay(pauseMs);
    }
  }

  private async untilAnswered(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply & { attempts: number }> {
    const isJson = body !== undefined && !(body instanceof FormData || body instanceof Blob);
    const request = {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
    };
    const until = performance.now() + patienceMs;
    let last = '';
    for (let attempts = 1; performance.now() < until; attempts++, this.onRetry()) {
      const reply = await fetchOnce(`${this.apiUrl}${path}`, request).catch((error: Error) => {
        last = String(error.cause ?? error.message);
        return null;
      });
      if (reply !== null && !isTransient(reply)) return { ...reply, attempts };
      if (reply !== null) last = `${reply.status} ${JSON.stringify(reply.body)}`;
      await delay(pauseMs);
    }
    throw new Error(`${method} ${path} got no answer within ${patienceMs / 1000} s; the last: ${last}`);
  }
}

const isTransient = ({ status, body }: Reply): boolean => status >= 500 || status === 429 || body['code'] === 'claim_not_yet_made';

function settledBy(status: number, body: Record<string, unknown>): Omit<Settled, 'span'> {
  // Some commands are answered with their operation.
  if (status < 300) {
    const isRefused = body['operationId'] !== undefined && body['status'] === 'refused';
    return { result: isRefused ? 'refused' : 'done', codes: isRefused ? codesOf(body['errors'] as { code: string }[]) : [], status, body };
  }
  const errors = body['errors'] as { code: string }[] | undefined;
  return { result: 'refused', codes: errors?.length ? codesOf(errors) : [String(body['code'])], status, body };
}

const codesOf = (errors: { code: string }[]): string[] => [...new Set(errors.map(({ code }) => code))].sort();

async function fetchOnce(url: string, request: RequestInit): Promise<Reply> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(attemptMs), ...request });
  const { status, headers } = response;
  const text = await response.text();
  const isJson = headers.get('content-type')?.includes('json') === true;
  return {
    status,
    body: (isJson && text !== '' ? JSON.parse(text) : { text }) as Record<string, unknown>,
    etag: headers.get('etag'),
    location: headers.get('location'),
  };
}

/** Opens a customer's page, and posts its form, each until there is an answer. */
export async function answerPage(
  link: string,
  fields: (html: string) => URLSearchParams,
): Promise<{ status: number; span: { from: number; to: number } }> {
  const page = await untilPage(link, { method: 'GET' });
  const from = Date.now();
  const answer = await untilPage(link, { method: 'POST', body: fields(String(page.body['text'])) });
  return { status: answer.status, span: { from, to: Date.now() } };
}

async function untilPage(url: string, request: RequestInit): Promise<Reply> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    const reply = await fetchOnce(url, request).catch(() => null);
    if (reply !== null && !isTransient(reply)) return reply;
    await delay(pauseMs);
  }
  throw new Error(`A customer's page got no answer within ${patienceMs / 1000} s.`);
}
