import { type Policy, samplePolicy } from '#libs/programmes/index.js';
import { type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const { name: _name, version: _version, ...content } = samplePolicy;
export { content };

/** Returns the changed sample programme without name and version. */
export const programme = (change: (policy: Omit<Policy, 'name' | 'version'>) => void = () => undefined) => {
  const document = structuredClone(content);
  change(document);
  return document;
};

export const yaml = (text: string) => Buffer.from(text);
export const asYaml = { 'content-type': 'application/yaml' };

export const faultsOf = ({ body }: Reply) => (body['faults'] as { path: string; code: string }[]).map(({ path, code }) => [path, code]);
export const errorsOf = ({ body }: Reply) =>
  (body['errors'] as { pointer: string; code: string }[]).map(({ pointer, code }) => [pointer, code]);
export const outcomeOf = ({ status, body }: Reply) => [status, body['result'] ?? body['code'], body['version']];

/** A vendor administrator, `vera`, who publishes programmes and calendars. */
export class Publisher {
  private constructor(
    readonly database: TestDatabase,
    readonly api: TestApi,
    readonly token: string,
  ) {}

  static async start(): Promise<Publisher> {
    const database = await createTestDatabase();
    const api = await startTestApi({ database });
    return new Publisher(database, api, await api.token('vendor_admin', { subject: 'vera' }));
  }

  put(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply> {
    return this.api.call('PUT', `/v1/${path}`, { token: this.token, body, headers });
  }

  get(path: string, headers?: Record<string, string>): Promise<Reply> {
    return this.api.call('GET', `/v1/${path}`, { token: this.token, headers });
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.database.close();
  }
}
