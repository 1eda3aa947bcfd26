import { randomUUID } from 'node:crypto';
import { completeClaim, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

export const columns = [
  'name,partnerId,tenantId,domain,area,products,activities,customerName,customerTitle,customerEmail,partnerName,partnerEmail',
  'acknowledgementVersion,evidenceFileName,evidenceBase64,evidenceSignedOn',
].join();

/** Returns a CSV row that is complete enough to be submitted. */
export function csvRow(change: Partial<ReturnType<typeof completeClaim>> & { products?: string } = {}): string {
  const claim = completeClaim();
  const { contacts, evidence } = claim;
  const cells = [
    change.name ?? claim.name,
    change.partnerId ?? claim.partnerId,
    claim.tenantId,
    claim.domain,
    claim.area,
    change.products ?? 'teams',
    'usage',
    contacts.customer.name,
    contacts.customer.title,
    contacts.customer.email,
    contacts.partner.name,
    contacts.partner.email,
    '1',
    evidence[0]!.fileName,
    evidence[0]!.contentBase64,
    evidence[0]!.signedOn,
  ];
  return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join();
}

interface SendOptions {
  token?: string;
  key?: string;
  query?: string;
}

/** Sends imports, or bulk updates, as a claim administrator. Temporal is down, so accepted rows stay as they were stored. */
export class Importer {
  private constructor(
    readonly database: TestDatabase,
    readonly api: TestApi,
    readonly partner: string,
    readonly path: string,
  ) {}

  static async start(path = '/v1/claims/imports'): Promise<Importer> {
    const database = await createTestDatabase();
    const api = await startTestApi({ database });
    return new Importer(database, api, await api.token('claim_admin'), path);
  }

  async send(
    type: string,
    body: string | Buffer,
    { token = this.partner, key = randomUUID(), query = '' }: SendOptions = {},
  ): Promise<Reply> {
    const response = await fetch(`${this.api.url}${this.path}${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type, 'idempotency-key': key },
      body: body as string,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Record<string, any> };
  }

  ndjson(rows: unknown[], options?: SendOptions): Promise<Reply> {
    const lines = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
    return this.send('application/x-ndjson', lines.join('\n'), options);
  }

  csv(rows: string[], options?: SendOptions): Promise<Reply> {
    return this.send('text/csv; charset=utf-8', rows.join('\r\n'), options);
  }

  get(path: string, token = this.partner): Promise<Reply> {
    return this.api.call('GET', path, { token });
  }

  /** Reads the first page of rows of a created import. */
  async rowsOf({ headers }: Reply): Promise<Record<string, any>[]> {
    return (await this.get(`${headers.get('location')}/rows`)).body['items'];
  }

  async storedImports(): Promise<number> {
    return (await this.database.source.query('SELECT FROM claim_imports')).length;
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.database.close();
  }
}
