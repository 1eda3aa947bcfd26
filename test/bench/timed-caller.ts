import { randomUUID } from 'node:crypto';

/** Sends requests as one caller and times each until its whole answer is there. */
export class TimedCaller {
  constructor(
    private readonly apiUrl: string,
    private readonly bearer: string,
  ) {}

  async send(path: string, body?: unknown): Promise<{ status: number; ms: number }> {
    const startedAt = performance.now();
    const headers = {
      authorization: `Bearer ${this.bearer}`,
      ...(body !== undefined && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    };
    const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${this.apiUrl}${path}`, init);
    await response.arrayBuffer();
    return { status: response.status, ms: performance.now() - startedAt };
  }
}
