import { expect } from 'chai';
import { greatestPartner, loadClaims } from '../../bench/load-claims.js';
import { type Json, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

/** How many claims are loaded. */
export const claimCount = 2_400;

export const errorsOf = ({ status, body }: Reply) => {
  const [error] = body['errors'] as [Json];
  return [status, body['code'], error['field'], error['code']];
};

/** An API on a database with claims of many partners, read by the vendor and by the partner with the most claims. */
export class LoadedApi {
  private constructor(
    readonly database: TestDatabase,
    readonly api: TestApi,
    readonly vendor: string,
    readonly partner: string,
  ) {}

  static async start(): Promise<LoadedApi> {
    const database = await createTestDatabase();
    await loadClaims(database.ownerUrl, claimCount, () => undefined);
    const api = await startTestApi({ database });
    const partner = await api.token('claim_admin', { partner: greatestPartner.accountId });
    return new LoadedApi(database, api, await api.token('vendor_admin'), partner);
  }

  get(path: string, token = this.vendor): Promise<Reply> {
    return this.api.call('GET', path, { token });
  }

  /** Reads one page. */
  async itemsOf(path: string, token = this.vendor): Promise<Json[]> {
    const reply = await this.get(path, token);
    expect(reply.status, reply.text).to.equal(200);
    return reply.body['items'] as Json[];
  }

  /** Reads all pages. `path` must have a query. */
  async allItems(path: string, token = this.vendor): Promise<Json[]> {
    const items: Json[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const { status, body, text }: Reply = await this.get(next === '' ? path : `${path}&cursor=${next}`, token);
      expect(status, text).to.equal(200);
      items.push(...(body['items'] as Json[]));
      next = body['next'] as string | null;
    }
    return items;
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.database.close();
  }
}
