import { expect } from 'chai';
import { CporError, createClient, etagOf, isProblem, TimeoutError, until } from '@cpor/client';
import { claimsGet } from '@cpor/client/operations';
import { json, problem, ScriptedServer } from './scripted-server.js';

describe('The client’s calls', () => {
  let server: ScriptedServer;
  const urls = () => server.received.map(({ url }) => url);

  before(async () => {
    server = await new ScriptedServer().start();
  });
  after(() => server.close());

  it('escape ids, and put a query’s lists and booleans as the API reads them', async () => {
    const cpor = server.script([json(200, { claimId: 'x' }), json(200, { items: [], next: null })]);
    await cpor.claims.get('a/b?c');
    await cpor.claims.list({ phase: ['draft', 'submitted'], isOpen: true, q: 'a&b' });
    expect(urls()).to.deep.equal(['/v1/claims/a%2Fb%3Fc', '/v1/claims?phase=draft&phase=submitted&isOpen=true&q=a%26b']);
  });

  it('keep the path of an installation that has one', async () => {
    const cpor = server.script([json(200, { claimId: 'x' })], { baseUrl: `${server.baseUrl}/cpor/` });
    await cpor.claims.get('x');
    expect(urls()).to.deep.equal(['/cpor/v1/claims/x']);
  });

  it('read as many pages of a list as they need', async () => {
    const pages = () => [
      json(200, { items: [1, 2], next: 'b' }),
      json(200, { items: [3, 4], next: 'c' }),
      json(200, { items: [], next: null }),
    ];
    const seen: unknown[] = [];
    for await (const item of server.script(pages()).claims.list({ limit: 2, cursor: 'a' })) seen.push(item);
    expect(seen).to.deep.equal([1, 2, 3, 4]);
    expect(urls()).to.deep.equal(['/v1/claims?limit=2&cursor=a', '/v1/claims?limit=2&cursor=b', '/v1/claims?limit=2&cursor=c']);

    expect(await server.script(pages()).claims.list()).to.deep.equal({ items: [1, 2], next: 'b' });
    expect(await server.script(pages()).claims.list().toArray(3)).to.deep.equal([1, 2, 3]);
    expect(urls()).to.deep.equal(['/v1/claims', '/v1/claims?cursor=b']);
    const sizes: number[] = [];
    for await (const { items } of server.script(pages()).claims.list().pages()) sizes.push(items.length);
    expect(sizes).to.deep.equal([2, 2, 0]);
    server.script([]).claims.list();
    expect(urls(), 'nobody has looked at it').to.deep.equal([]);
  });

  it('follow the event feed after its last event, until the caller stops', async () => {
    const page = (events: string[], next: string, hasMore: boolean) =>
      json(200, { items: events.map((eventId) => ({ eventId })), next, hasMore });
    const cpor = server.script([page(['1'], 'b', true), page(['2'], 'c', false), page([], 'c', false), page(['3'], 'd', false)]);
    const seen: string[] = [];
    for await (const { eventId } of cpor.events.follow({ after: 'a' }, { pollMs: 10 })) {
      seen.push(eventId);
      if (eventId === '3') break;
    }
    expect(seen).to.deep.equal(['1', '2', '3']);
    expect(urls()).to.deep.equal(['a', 'b', 'c', 'c'].map((after) => `/v1/events?after=${after}`));

    const all = server.script([page(['1'], 'b', true), page(['2'], 'c', false)]).events.list();
    expect(await all.toArray()).to.deep.equal([{ eventId: '1' }, { eventId: '2' }]);
  });

  it('base a change on what was read, by its ETag', async () => {
    const versions = json(200, { items: [], next: null }, { etag: '"7"' });
    const cpor = server.script([versions, json(201, {}), json(200, { version: 3 }), json(200, {})]);
    const read = await cpor.programmes.versions('a');
    await cpor.programmes.publish('a', 'name: a', { ifMatch: read, contentType: 'application/yaml', dryRun: true });
    await cpor.claims.edit('c', {}, { ifMatch: { ...(await cpor.claims.get('c')) } });
    expect(server.received[1]).to.deep.include({ method: 'PUT', url: '/v1/programmes/a?dryRun=true', body: 'name: a' });
    expect(server.received.map(({ headers }) => headers['if-match'])).to.deep.equal([undefined, '"7"', undefined, '"3"']);
    expect([etagOf('5'), etagOf('W/"5"'), etagOf(5)]).to.deep.equal(['"5"', 'W/"5"', '"5"']);
    expect(() => etagOf({})).to.throw(TypeError, 'ifMatch must be');
  });

  it('return nothing for nothing, and files as responses', async () => {
    const none = (response: import('node:http').ServerResponse) => void response.writeHead(204).end();
    const file = (response: import('node:http').ServerResponse) =>
      void response.writeHead(200, { 'content-type': 'text/csv' }).end('a,b\n');
    const cpor = server.script([none, none, file]);
    expect(await cpor.reviewQueue.next()).to.equal(undefined);
    expect(await cpor.members.remove('s', { ifMatch: 1 })).to.equal(undefined);
    expect(await (await cpor.claims.export({ format: 'csv' })).text()).to.equal('a,b\n');
  });

  it('throw a problem with its fields, and say when it is not the API that answers', async () => {
    const errors = [
      { pointer: '/contacts/customer/email', code: 'a', message: 'Must be an address.' },
      { pointer: '/contacts/customer/email', code: 'b', message: 'Second.' },
      { field: 'limit', code: 'c', message: 'Too many.' },
    ];
    const body = {
      type: '',
      title: 'T',
      status: 422,
      code: 'invalid_request',
      detail: 'D.',
      remedy: 'R.',
      instance: '',
      requestId: 'r',
      errors,
    };
    const page = (response: import('node:http').ServerResponse) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sign in');
    const cpor = server.script([json(422, body), page, json(404, {})]);
    const first = await cpor.claims.create({ partnerId: '1' }).catch((error: unknown) => error);
    expect(isProblem(first) && first.fieldErrors).to.deep.equal({ '/contacts/customer/email': 'Must be an address.', limit: 'Too many.' });
    expect([isProblem(first, 'invalid_request'), isProblem(first, 'other'), isProblem(new Error('x'))]).to.deep.equal([true, false, false]);
    for (const status of [200, 404]) {
      const strange = await cpor.claims.get('x').catch((error: unknown) => error);
      expect(strange).to.be.instanceOf(CporError).and.include({ code: 'unexpected_answer', status });
    }
  });

  it('need the address of an installation', () => {
    for (const baseUrl of ['', 'claims.example.com', 'ftp://x', 'localhost:3000'])
      expect(() => createClient({ baseUrl }), baseUrl).to.throw(CporError, 'baseUrl must be the address of an installation');
  });

  it('are there as functions too, with the same retries if they get the client', async () => {
    const cpor = server.script([problem(503, 'x', { 'retry-after': '0' }), json(200, { claimId: 'x' })]);
    const { data } = await claimsGet({ client: cpor.client, path: { claimId: 'x' } });
    expect(data).to.deep.equal({ claimId: 'x' });
    expect(server.received[0]?.headers.authorization).to.equal('Bearer secret');
  });

  it('can be repeated until something holds, for a limited time', async () => {
    let count = 0;
    expect(
      await until(
        async () => ++count,
        (value) => value === 3,
        { pollMs: 1 },
      ),
    ).to.equal(3);
    const late = await until(
      async () => 'no',
      (value) => value === 'yes',
      { pollMs: 5, timeoutMs: 20 },
    ).catch((error: unknown) => error);
    expect(late).to.be.instanceOf(TimeoutError).and.include({ last: 'no' });
  });
});
