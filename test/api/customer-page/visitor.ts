import { type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { addTenants } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { NotifiedClaims, type NotifiedClaim } from '../../support/notified-claim.js';

export type Field = [name: string, value: string];

/** A customer with the link from a notice. Commands alone open the consent window: Temporal and the worker are down. */
export class Visitor {
  private constructor(
    readonly database: TestDatabase,
    readonly api: TestApi,
    readonly claims: NotifiedClaims,
    private readonly tenants: { tenantId: string; domain: string }[],
  ) {}

  static async start(): Promise<Visitor> {
    const database = await createTestDatabase();
    const api = await startTestApi({ database });
    return new Visitor(database, api, new NotifiedClaims(database, api), await addTenants(database.source, 20));
  }

  /** Makes a claim of two lines whose consent window is open. */
  openWindow(programme = 'sample'): Promise<NotifiedClaim> {
    const lines = [
      { product: 'teams', activities: ['usage'] },
      { product: 'exchange', activities: ['usage'] },
    ];
    return this.claims.notified(this.tenants.pop()!, { programme, lines });
  }

  open(token: string, query = ''): Promise<Reply> {
    return this.api.call('GET', `/n/${token}${query}`);
  }

  send(token: string, fields: Field[], query = ''): Promise<Reply> {
    return this.api.call('POST', `/n/${token}${query}`, { body: new URLSearchParams(fields), key: null });
  }

  /** Reads the stored refusals of a claim. */
  refusalsOf(claimId: string): Promise<{ body: object }[]> {
    return this.database.source.query("SELECT body FROM claim_commands WHERE claim_id = $1 AND type = 'optOut'", [claimId]);
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.database.close();
  }
}

/** Reads the code of the copy for reading that a page links to. */
export function copyOf(html: string): string {
  const code = /\/n\/copy\/([\w.-]+)\?lang=/.exec(html)?.[1];
  if (code === undefined) throw new Error('The page links to no copy.');
  return code;
}
