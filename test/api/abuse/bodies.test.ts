import { expect } from 'chai';
import fc from 'fast-check';
import { completeClaim, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { operationsOf } from '../http/operations.js';

const roles = ['vendor_admin', 'claim_admin', 'reviewer', 'tenant_admin', 'operator', 'account_admin'] as const;
const json = { 'content-type': 'application/json' };
const yaml = { 'content-type': 'application/yaml' };

/** Bodies that are hard on a parser, a schema or a database. */
const hostileJson: Record<string, string> = {
  'open brackets': '['.repeat(500_000),
  'lists in lists': `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
  'objects in objects': `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
  'a deep value of a known key': `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)},"lines":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  'a prototype': '{"__proto__":{"isAdmin":true},"name":"x"}',
  'a constructor': '{"constructor":{"prototype":{"isAdmin":true}}}',
  'names of inherited members': '{"toString":1,"hasOwnProperty":1,"valueOf":{},"then":1}',
  'a key twice': '{"name":"a","name":"b"}',
  'a key twice, once escaped': '{"name":"a","\\u006eame":"b"}',
  'huge numbers': '{"acknowledgementVersion":1e400,"lines":[-1e400,1e-400,123456789012345678901234567890]}',
  'a number of a million digits': `{"acknowledgementVersion":${'9'.repeat(1_000_000)}}`,
  'half characters': '{"name":"\\ud800","comment":"\\udfff\\u0000"}',
  'many keys': `{${Array.from({ length: 60_000 }, (_, at) => `"k${at}":1`).join()}}`,
  'one long key': `{"${'k'.repeat(1_000_000)}":1}`,
  'a long text': `{"name":"${'x'.repeat(1_000_000)}"}`,
  'no object': '"text"',
  null: 'null',
  nothing: '',
  'a byte order mark': '\ufeff{}',
};
const hostileYaml: Record<string, string> = {
  'open brackets': `a: ${'['.repeat(500_000)}`,
  'lists in a line': '- '.repeat(400_000),
  'many keys': Array.from({ length: 90_000 }, (_, at) => `k${at}: 1`).join('\n'),
  'many anchors': Array.from({ length: 40_000 }, (_, at) => `a${at}: &x${at} 1`).join('\n'),
  'nested aliases': [
    'a: &a [x,x,x,x,x,x,x,x]',
    ...[...'bcdefghi'].map((name, at) => `${name}: &${name} [${Array(8).fill(`*${'abcdefghi'[at]}`).join()}]`),
  ].join('\n'),
  'many faults': `a: ${'] '.repeat(400_000)}`,
  'only comments': '#\n'.repeat(400_000),
  'a prototype': '__proto__: {isAdmin: true}\n',
  'a tag of another language': 'a: !!js/function "function(){}"\n',
};

describe('A hostile body', () => {
  let database: TestDatabase;
  let api: TestApi;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  async function send(method: string, path: string, body: string, headers: Record<string, string>): Promise<void> {
    for (const role of roles) {
      const reply = await api.call(method, path, { token: await api.token(role), body, headers: { ...headers, 'if-match': '"1"' } });
      if (reply.status === 403) continue;
      const shown = `${method} ${path} as ${role}: ${reply.status} ${reply.text.slice(0, 300)}`;
      expect(reply.status, shown).to.be.within(400, 499);
      expect(reply.headers.get('content-type'), shown).to.match(/^application\/problem\+json/);
      expect(reply.body, shown).to.include.keys('code', 'detail', 'remedy', 'requestId');
      return;
    }
  }

  it('in JSON gets a problem from every operation that takes one', async function () {
    this.timeout(180_000);
    const operations = operationsOf((await api.call('GET', '/openapi.json')).body).filter(
      ({ path, bodyTypes }) => path.startsWith('/v1/') && bodyTypes.includes('application/json') && !path.startsWith('/v1/sandbox'),
    );
    expect(operations).to.have.length.above(25);
    // In turn over all operations: each kind meets several, and the costly ones are not repeated for all.
    const kinds = Object.values(hostileJson);
    for (const [index, { method, path }] of operations.entries()) await send(method, path, kinds[index % kinds.length]!, json);
  });

  for (const [what, body] of Object.entries(hostileJson)) {
    it(`of ${what} is refused as a claim and as a programme`, async () => {
      await send('POST', '/v1/claims', body, json);
      await send('PUT', '/v1/programmes/sample', body, json);
    });
  }

  for (const [what, body] of Object.entries(hostileYaml)) {
    it(`in YAML, of ${what}, is refused as a programme`, () => send('PUT', '/v1/programmes/sample', body, yaml));
  }

  it('never sets anything on the prototype of objects', () => {
    expect(({} as { isAdmin?: boolean }).isAdmin).to.equal(undefined);
  });

  it('that is a claim with any JSON in any of its places is stored or refused, never a fault', async () => {
    const token = await api.token('claim_admin');
    const base = JSON.stringify(completeClaim({ evidence: [] }));
    const paths: string[][] = [];
    const collect = (value: unknown, path: string[]): void => {
      paths.push(path);
      if (typeof value === 'object' && value !== null) for (const [key, member] of Object.entries(value)) collect(member, [...path, key]);
    };
    collect(JSON.parse(base), []);
    const anyValue = fc.oneof(
      fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
      fc.constantFrom('\0', '\ud800', '=1+1', '\r\nBcc: x@y.example', 'x'.repeat(5_000), -1, 1e308, 2 ** 53, [], {}, null, [[[[]]]]),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), anyValue, async (path, value) => {
        const claim = JSON.parse(base) as Record<string, unknown>;
        const body = path.length === 0 ? value : claim;
        const last = path.at(-1);
        if (last !== undefined) {
          const parent = path.slice(0, -1).reduce<Record<string, unknown>>((place, key) => place[key] as Record<string, unknown>, claim);
          parent[last] = value;
        }
        const reply = await api.call('POST', '/v1/claims', { token, body: JSON.stringify(body), headers: json });
        expect(reply.status, reply.text.slice(0, 300)).to.be.oneOf([201, 400, 403, 404, 409, 413, 415, 422]);
      }),
      { numRuns: 150, seed: 20_261_130 },
    );
  });

  it('or a hostile header gets a problem, and the API goes on', async () => {
    const token = await api.token('claim_admin');
    const headers: Record<string, string>[] = [
      { authorization: 'Bearer' },
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${'a'.repeat(12_000)}` },
      { authorization: `Bearer ${'e30.'.repeat(3_000)}` },
      { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` },
      { authorization: `Bearer ${token}`, 'idempotency-key': 'x'.repeat(256) },
      { authorization: `Bearer ${token}`, 'idempotency-key': 'é' },
      { authorization: `Bearer ${token}`, 'content-type': `application/json; ${'charset=utf-8;'.repeat(500)}` },
      { authorization: `Bearer ${token}`, 'x-large': 'x'.repeat(20_000) },
    ];
    for (const given of headers) {
      const reply = await api.call('POST', '/v1/claims', { body: '{}', headers: { ...json, ...given } });
      expect(reply.status, JSON.stringify(given).slice(0, 100)).to.be.within(400, 499);
      expect(reply.headers.get('content-type')).to.match(/^application\/problem\+json/);
    }
    expect((await api.call('GET', '/v1/claims', { token })).status).to.equal(200);
  });
});
