import { expect } from 'chai';
import { startTestApi, type TestApi } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

type Json = Record<string, any>;
const methods = ['get', 'post', 'put', 'patch', 'delete'];

describe('The description of the API', () => {
  let database: TestDatabase;
  let api: TestApi;
  let document: Json;
  let operations: { name: string; method: string; path: string; operation: Json }[];

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi(database);
    document = (await api.call('GET', '/openapi.json')).body;
    operations = Object.entries(document['paths'] as Json).flatMap(([path, item]) =>
      methods.flatMap((method) => {
        const operation = (item as Json)[method] as Json | undefined;
        return operation === undefined ? [] : [{ name: `${method} ${path}`, method, path, operation }];
      }),
    );
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  it('is OpenAPI 3.1, with a page to read and try it', async () => {
    expect(document['openapi']).to.equal('3.1.0');
    const page = await api.call('GET', '/docs');
    expect([page.status, page.headers.get('content-type')]).to.deep.equal([200, 'text/html']);
  });

  it('gives every operation a summary, a tag, a success and its security', () => {
    // That a command was stored is an answer common to all, and says nothing of this one.
    const succeeds = (responses: Json) =>
      Object.entries(responses).some(([status, answer]) => status.startsWith('2') && !JSON.stringify(answer).includes('AcceptedOperation'));
    const bare = operations.filter(
      ({ operation }) => !operation['summary'] || !operation['tags']?.length || !succeeds(operation['responses'] as Json),
    );
    expect(bare.map(({ name }) => name)).to.deep.equal([]);
    const open = operations.filter(({ operation }) => (operation['security'] as unknown[]).length === 0);
    expect(open.map(({ path }) => path).filter((path) => path.startsWith('/v1/'))).to.deep.equal([]);
  });

  it('names the key of every POST and nowhere else', () => {
    const keyed = operations.filter(({ operation }) => (operation['parameters'] as Json[]).some(({ name }) => name === 'Idempotency-Key'));
    const posts = operations.filter(({ method, path }) => method === 'post' && !path.startsWith('/v1/sandbox/'));
    expect(keyed.map(({ name }) => name)).to.deep.equal(posts.map(({ name }) => name));
  });

  it('names a version on every change and decision', () => {
    const versioned = operations.filter(({ operation }) =>
      (operation['parameters'] as Json[]).some(({ name, required }) => name === 'If-Match' && required),
    );
    expect(versioned.map(({ name }) => name)).to.have.members([
      'patch /v1/claims/{claimId}',
      'post /v1/claims/{claimId}/decisions',
      'post /v1/claims/{claimId}/hold-clearances',
      'post /v1/claims/{claimId}/dispute-decisions',
      'post /v1/claims/{claimId}/rival-decisions',
    ]);
  });

  it('answers every problem as problem+json', () => {
    const others = operations.flatMap(({ name, operation }) =>
      Object.entries(operation['responses'] as Json)
        .filter(
          ([status, response]) => Number(status) >= 400 && status !== '503' && !(response as Json)['content']?.['application/problem+json'],
        )
        .map(([status]) => `${status} ${name}`),
    );
    expect(others).to.deep.equal([]);
  });

  it('gives every integer bounds of its own', () => {
    expect(JSON.stringify(document)).not.to.match(/9007199254740991/);
  });
});
