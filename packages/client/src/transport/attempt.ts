import type { Send } from './outgoing.js';

/** Statuses whose answer has no body. */
const bodiless = [101, 204, 205, 304];

/**
 * Sends a request once. An answer in JSON has arrived completely when this resolves, so that a connection lost half-way is a failed attempt; others
 * are streamed.
 */
export const attempt =
  (fetch: (request: Request) => Promise<Response>, timeoutMs: number): Send =>
  async ({ url, method, headers, body, signal }) => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new DOMException(`No answer within ${timeoutMs} ms.`, 'TimeoutError')), timeoutMs);
    try {
      const hasBody = body !== null && body.byteLength > 0;
      const response = await fetch(
        new Request(url, {
          method,
          headers: new Headers(headers),
          signal: AbortSignal.any([signal, limit.signal]),
          ...(hasBody && { body }),
        }),
      );
      return isJson(response) ? await complete(response) : response;
    } finally {
      clearTimeout(timer);
    }
  };

const isJson = ({ headers }: Response): boolean => /[/+]json\b/.test(headers.get('Content-Type') ?? '');

async function complete(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  return new Response(bodiless.includes(status) ? null : await response.arrayBuffer(), { status, statusText, headers });
}
