import { expect } from 'chai';
import type { Json, Reply, TestApi } from './api.js';
import { waitFor } from './wait.js';

/** Use it for bulk updates over the API while a worker runs: sends a file, waits for its rows, reads what became of them. */
export class TestUpdates {
  constructor(
    private readonly api: TestApi,
    readonly token: string,
  ) {}

  async send(content: string | Buffer | object[], { token = this.token, isDryRun = false } = {}): Promise<string> {
    const isRows = Array.isArray(content);
    const reply = await this.api.call('POST', `/v1/claims/updates?dryRun=${isDryRun}`, {
      token,
      body: isRows ? content.map((row) => JSON.stringify(row)).join('\n') : content,
      headers: { 'content-type': isRows ? 'application/x-ndjson' : 'text/csv' },
    });
    expect(reply.status, reply.text).to.equal(202);
    return reply.body['updateId'] as string;
  }

  /** Sends a file, and returns its rows once each has an outcome. */
  async run(content: string | Buffer | object[], options: { token?: string; isDryRun?: boolean } = {}): Promise<Json[]> {
    const updateId = await this.send(content, options);
    await this.until(updateId, 'done');
    return this.rows(updateId, options.token);
  }

  async until(updateId: string, state: string, limitMs?: number): Promise<void> {
    await waitFor(`the update to be ${state}`, async () => (await this.get(updateId)).body['state'] === state, limitMs);
  }

  get(updateId: string, path = '', token = this.token): Promise<Reply> {
    return this.api.call('GET', `/v1/claims/updates/${updateId}${path}`, { token });
  }

  async rows(updateId: string, token = this.token): Promise<Json[]> {
    const rows: Json[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await this.get(updateId, `/rows?limit=100${cursor && `&cursor=${cursor}`}`, token);
      rows.push(...(body['items'] as Json[]));
      if (body['next'] === null) return rows;
      cursor = body['next'] as string;
    }
  }
}

/** Returns a row's outcome with the codes of its findings. */
export const outcomeOf = ({ outcome, findings }: Json): string =>
  [outcome as string, ...(findings as { code: string }[]).map(({ code }) => code)].join(' ');
