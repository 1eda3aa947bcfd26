import { expect } from 'chai';
import { feedTypes } from '#libs/event-feed/index.js';
import { testType } from '#libs/webhooks/index.js';
import { type Json, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const methods = ['get', 'post', 'put', 'patch', 'delete'];

describe('The API’s OpenAPI document', () => {
  let database: TestDatabase;
  let api: TestApi;
  let document: Json;
  let operations: { name: string; method: string; path: string; operation: Json }[];

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
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

  it('is OpenAPI 3.1 and is shown on an interactive page', async () => {
    expect(document['openapi']).to.equal('3.1.0');
    const page = await api.call('GET', '/docs');
    expect([page.status, page.headers.get('content-type')]).to.deep.equal([200, 'text/html']);
  });

  it('gives every operation a summary, a description, a tag, a success response and its security', () => {
    // AcceptedOperation is common to all commands, so it does not count as the operation's own response.
    const succeeds = (responses: Json) =>
      Object.entries(responses).some(([status, answer]) => status.startsWith('2') && !JSON.stringify(answer).includes('AcceptedOperation'));
    const bare = operations.filter(
      ({ operation }) =>
        !operation['summary'] || !operation['description'] || !operation['tags']?.length || !succeeds(operation['responses'] as Json),
    );
    expect(bare.map(({ name }) => name)).to.deep.equal([]);
    const open = operations.filter(({ operation }) => (operation['security'] as unknown[]).length === 0);
    expect(open.map(({ path }) => path).filter((path) => path.startsWith('/v1/'))).to.deep.equal([]);
  });

  it('describes what is sent to webhook endpoints, in both formats and of every type', () => {
    const { description, parameters, requestBody } = document['webhooks']['event']['post'] as Json;
    expect(description).to.match(/15 seconds/);
    expect((parameters as Json[]).map(({ name }) => name as string)).to.deep.equal([
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
    ]);
    const schemas = document['components']['schemas'] as Record<string, Json>;
    const named = ({ $ref }: Json) => schemas[($ref as string).split('/').at(-1)!]!;
    for (const mediaType of ['application/json', 'application/cloudevents+json']) {
      const types = (named(requestBody['content'][mediaType].schema as Json)['oneOf'] as Json[])
        .map((variant) => named(variant)['properties']['type'] as Json)
        .flatMap((type) => (type['enum'] ?? [type['const']]) as string[]);
      expect(types, mediaType).to.have.members([...feedTypes, testType]);
    }
  });

  it('describes exactly the tags that are in use', () => {
    const documented = (document['tags'] as Json[]).map(({ name }) => name as string);
    const used = new Set(operations.flatMap(({ operation }) => operation['tags'] as string[]));
    expect(documented).to.have.members([...used]);
  });

  it('names every list after its items and gives it a `next` cursor', () => {
    const schemas = (document['components'] as Json)['schemas'] as Record<string, Json>;
    const lists = Object.entries(schemas).filter(([name]) => name.endsWith('List'));
    expect(lists).to.have.length.above(12);
    for (const [name, schema] of lists) {
      const item = (schema['properties'] as Json)['items'].items.$ref as string;
      expect([`${item.split('/').at(-1)}List`, name === 'ClaimList' ? 'ClaimSummaryList' : name]).to.satisfy(([a, b]: string[]) => a === b);
      expect(schema['properties'], name).to.have.property('next');
    }
  });

  it('declares 202 for exactly the operations that are commands', () => {
    const commands = operations.filter(({ operation }) =>
      JSON.stringify(operation['responses']['202'] ?? '').includes('AcceptedOperation'),
    );
    const others = operations.filter(({ method }) => method !== 'get').filter((operation) => !commands.includes(operation));
    expect(others.map(({ name }) => name)).to.have.members([
      'put /v1/calendars/{name}',
      'put /v1/programmes/{name}',
      'delete /v1/programmes/{name}/versions/{version}',
      'post /v1/claims/imports',
      'post /v1/claims/{claimId}/decision-previews',
      'post /v1/claims/imports/{importId}/cancel',
      'post /v1/claims/imports/{importId}/pause',
      'post /v1/claims/imports/{importId}/resume',
      'post /v1/claims/updates',
      'post /v1/claims/updates/{updateId}/cancel',
      'post /v1/claims/updates/{updateId}/pause',
      'post /v1/claims/updates/{updateId}/resume',
      'post /v1/claims/{claimId}/legal-holds',
      'post /v1/claims/{claimId}/legal-holds/{holdId}/releases',
      'post /v1/claims/{claimId}/submissions/{submission}/snapshots',
      'post /v1/claims/{claimId}/snapshots/{snapshotId}/revoke',
      'post /v1/contact-exports',
      'put /v1/members/{subject}',
      'delete /v1/members/{subject}',
      'post /sign-out',
      'delete /v1/sessions/{sessionId}',
      'post /v1/sessions/ends',
      'post /v1/sandbox/clock/advances',
      'post /v1/sandbox/sample-data',
      'post /v1/usage/imports',
      'post /v1/webhook-endpoints',
      'patch /v1/webhook-endpoints/{endpointId}',
      'delete /v1/webhook-endpoints/{endpointId}',
      'post /v1/webhook-endpoints/{endpointId}/secrets',
      'post /v1/webhook-endpoints/{endpointId}/disable',
      'post /v1/webhook-endpoints/{endpointId}/enable',
      'post /v1/webhook-endpoints/{endpointId}/test-events',
      'post /v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/retry',
      'post /v1/webhook-endpoints/{endpointId}/replays',
    ]);
  });

  it('requires Idempotency-Key for exactly the POST operations of /v1, and takes it with the other commands', () => {
    const keyed = (isRequired: boolean) =>
      operations
        .filter(({ operation }) =>
          (operation['parameters'] as Json[]).some(({ name, required }) => name === 'Idempotency-Key' && required === isRequired),
        )
        .map(({ name }) => name);
    const posts = operations.filter(({ method, path }) => method === 'post' && path.startsWith('/v1/') && !path.startsWith('/v1/sandbox/'));
    expect(keyed(true)).to.deep.equal(posts.map(({ name }) => name));
    const others = operations.filter(
      ({ method, operation }) => method !== 'post' && JSON.stringify(operation).includes('AcceptedOperation'),
    );
    expect(keyed(false)).to.deep.equal(others.map(({ name }) => name));
  });

  it('requires If-Match for every edit and decision', () => {
    const versioned = operations.filter(({ operation }) =>
      (operation['parameters'] as Json[]).some(({ name, required }) => name === 'If-Match' && required),
    );
    expect(versioned.map(({ name }) => name)).to.have.members([
      'patch /v1/claims/{claimId}',
      'post /v1/claims/{claimId}/decisions',
      'post /v1/claims/{claimId}/hold-clearances',
      'post /v1/claims/{claimId}/dispute-decisions',
      'post /v1/claims/{claimId}/rival-decisions',
      'delete /v1/members/{subject}',
      'patch /v1/webhook-endpoints/{endpointId}',
    ]);
  });

  it('declares every error as problem+json', () => {
    const others = operations.flatMap(({ name, operation }) =>
      Object.entries(operation['responses'] as Json)
        .filter(
          ([status, response]) => Number(status) >= 400 && status !== '503' && !(response as Json)['content']?.['application/problem+json'],
        )
        .map(([status]) => `${status} ${name}`),
    );
    expect(others).to.deep.equal([]);
  });

  it('gives every integer explicit bounds', () => {
    expect(JSON.stringify(document)).not.to.match(/9007199254740991/);
  });
});
