/** A request that can be sent more than once. */
export interface Outgoing {
  url: string;
  method: string;
  headers: Headers;
  body: ArrayBuffer | null;
  signal: AbortSignal;
}

export type Send = (outgoing: Outgoing) => Promise<Response>;

export async function outgoingOf(request: Request): Promise<Outgoing> {
  const { url, method, headers, signal } = request;
  const isRead = method === 'GET' || method === 'HEAD';
  return { url, method, headers, signal, body: isRead ? null : await request.arrayBuffer() };
}

/** Whether sending it twice has the effect of sending it once, as far as the API promises. */
export const isRepeatable = ({ method, headers }: Outgoing): boolean =>
  method === 'GET' || method === 'HEAD' || headers.has('Idempotency-Key');
