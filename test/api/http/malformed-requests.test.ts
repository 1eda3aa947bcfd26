import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { completeClaim, type Reply, somePdf, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { northwind } from '../../support/sample-directory.js';
import { anyId, operationsOf, type Operation, type Parameter } from './operations.js';

const roles = ['claim_admin', 'usage_executive', 'reviewer', 'vendor_admin', 'tenant_admin', 'operator', 'account_admin'] as const;

describe('A malformed request', () => {
  let database: TestDatabase;
  let api: TestApi;
  let operations: Operation[];
  let token: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    token = await api.token('claim_admin');
    operations = operationsOf((await api.call('GET', '/openapi.json')).body);
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const outcome = ({ status, body, headers }: Reply) => [status, body['code'], headers.get('content-type')?.split(';')[0]];
  const problem = (status: number, code: string) => [status, code, 'application/problem+json'];
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) => api.call('POST', path, { token, body, headers });

  /** Sends the request as each role until one is not refused with 403. */
  async function asAllowedRole(method: string, path: string): Promise<Reply> {
    for (const role of roles) {
      const reply = await api.call(method, path, { token: await api.token(role) });
      if (reply.status !== 403) return reply;
    }
    throw new Error(`No role may ${method} ${path}.`);
  }

  for (const [method, path, allow] of [
    ['PUT', '/v1/claims', 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/v1/claims/export', 'GET, HEAD, OPTIONS'],
    ['POST', `/v1/claims/${anyId}`, 'DELETE, GET, HEAD, PATCH, OPTIONS'],
    ['GET', `/v1/claims/${anyId}/decisions`, 'POST, OPTIONS'],
    ['PROPFIND', `/v1/claims/imports/${anyId}/rows.csv`, 'GET, HEAD, OPTIONS'],
    ['DELETE', '/readyz', 'GET, HEAD, OPTIONS'],
    ['PUT', '/n/some-link', 'GET, HEAD, POST, OPTIONS'],
  ] as const) {
    it('is refused for a missing token before its body is read', async () => {
      for (const headers of [{ 'content-type': 'application/xml' }, { 'content-type': 'application/json' }]) {
        const reply = await api.call('POST', '/v1/claims', { body: 'x'.repeat(2 * 1024 * 1024), headers });
        expect(outcome(reply)).to.deep.equal(problem(401, 'unauthenticated'));
      }
    });

    it('is refused with the position at which the JSON is invalid', async () => {
      for (const [body, detail] of [
        ['{"name": "A",\n}', 'The body is not valid JSON at line 2, column 1.'],
        ['{"name": "A"', 'The JSON is cut off: a bracket, brace or quote is not closed.'],
        ['{"__proto__": {"name": "A"}}', 'The body contains a forbidden key, such as __proto__.'],
      ]) {
        const reply = await post('/v1/claims', body!, { 'content-type': 'application/json' });
        expect([reply.status, reply.body['detail']]).to.deep.equal([400, detail]);
      }
    });

    it('is matched to a literal path rather than one with a parameter', async () => {
      const reply = await api.call('PATCH', '/v1/claims/summary', { token, body: {} });
      expect(outcome(reply)).to.deep.equal(problem(405, 'method_not_allowed'));
      expect(reply.headers.get('allow')).to.equal('GET, HEAD, OPTIONS');
    });

    it(`is refused with the allowed methods for ${method} ${path.replace(anyId, '{id}')}`, async () => {
      const reply = await api.call(method, path);
      expect(outcome(reply)).to.deep.equal(problem(405, 'method_not_allowed'));
      expect(reply.headers.get('allow')).to.equal(allow);
    });
  }

  it('is refused with 404 for every method of an unknown path', async () => {
    for (const path of ['/v1/claim', '/v1/claims/', `/v1/claims/${anyId}/decisions/1`])
      expect(outcome(await api.call('PUT', path)), path).to.deep.equal(problem(404, 'not_found'));
  });

  it('excludes OPTIONS and HEAD, which every path of the API answers', async () => {
    const options = await api.call('OPTIONS', '/v1/claims');
    expect([options.status, options.headers.get('allow'), options.text]).to.deep.equal([204, 'GET, HEAD, POST, OPTIONS', '']);
    const head = await fetch(`${api.url}/v1/claims`, { method: 'HEAD', headers: { authorization: `Bearer ${token}` } });
    expect([head.status, await head.text()]).to.deep.equal([200, '']);
    expect((await fetch(`${api.url}/v1/claims`, { method: 'HEAD' })).status).to.equal(401);
  });

  it('is refused for a media type that its path does not accept, whatever the body', async () => {
    const types = { 'text/plain': 'x', 'application/x-www-form-urlencoded': 'lines=1', 'application/xml': '<a/>', 'text/csv': 'a,b' };
    const withBodies = operations.filter(({ method }) => method !== 'GET');
    expect(withBodies).to.have.length.above(30);
    for (const { method, path, bodyTypes } of withBodies) {
      for (const [type, body] of Object.entries({ ...types, 'application/yaml': 'a: 1', 'multipart/form-data; boundary=x': '--x--' })) {
        if (bodyTypes.includes(type.split(';')[0]!)) continue;
        const reply = await api.call(method, path, { token, body, headers: { 'content-type': type } });
        expect(outcome(reply), `${method} ${path} ${type}`).to.deep.equal(problem(415, 'unsupported_media_type'));
      }
    }
  });

  it('is refused for a body that is compressed, in another charset or without a type', async () => {
    const zipped = await post('/v1/claims', new Uint8Array(gzipSync('{}')), {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    });
    expect(outcome(zipped)).to.deep.equal(problem(415, 'unsupported_media_type'));
    const inUtf16 = await post('/v1/claims', '{}', { 'content-type': 'application/json; charset=utf-16' });
    expect(outcome(inUtf16)).to.deep.equal(problem(415, 'unsupported_media_type'));
    const untyped = await post('/v1/claims', new Uint8Array([0x7b, 0x7d]));
    expect(outcome(untyped)).to.deep.equal(problem(415, 'unsupported_media_type'));
    const inUtf8 = await post('/v1/claims', JSON.stringify(completeClaim()), { 'content-type': 'application/json; charset="UTF-8"' });
    expect(inUtf8.status, inUtf8.text).to.equal(201);
  });

  const unreadable: [string, string | Uint8Array][] = [
    ['is cut off', '{"name":'],
    ['is not UTF-8', Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])],
    ['names a prototype', '{"name":"x","__proto__":{"submit":true}}'],
    ['names a constructor', '{"constructor":{"prototype":{"submit":true}}}'],
  ];
  for (const [how, body] of unreadable) {
    it(`is refused when its JSON ${how}`, async () => {
      expect(outcome(await post('/v1/claims', body, { 'content-type': 'application/json' }))).to.deep.equal(problem(400, 'malformed_body'));
    });
  }

  it('is refused with the position of a repeated JSON key', async () => {
    const reply = await post('/v1/claims', '{"name":"A",\n "lines":[{"product":"teams"}],\n "\\u006eame":"B"}', {
      'content-type': 'application/json',
    });
    expect(outcome(reply)).to.deep.equal(problem(400, 'malformed_body'));
    expect(reply.body['detail']).to.equal('The key "name" is repeated within one object, at line 3, column 2. Send it once.');
  });

  it('is refused when its YAML is not UTF-8', async () => {
    const body = Buffer.from([0x61, 0x3a, 0x20, 0xff]);
    const headers = { 'content-type': 'application/yaml' };
    const reply = await api.call('PUT', '/v1/programmes/sample', { token: await api.token('vendor_admin'), body, headers });
    expect(outcome(reply)).to.deep.equal(problem(400, 'malformed_body'));
  });

  describe('with a form', () => {
    const part = (name: string, value: string, more = '') =>
      `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
    const file = part('file', somePdf().toString(), '; filename="statement.pdf"');
    const on = part('signedOn', '2026-01-15');
    const cases: [string, string, string, number, string][] = [
      ['has no boundary', 'multipart/form-data', `${file}--x--`, 400, 'malformed_body'],
      ['is cut off', 'multipart/form-data; boundary=x', file.slice(0, -40), 400, 'malformed_body'],
      ['has no end', 'multipart/form-data; boundary=x', file, 400, 'malformed_body'],
      ['names a prototype', 'multipart/form-data; boundary=x', `${part('__proto__', '1')}${file}--x--`, 400, 'malformed_body'],
      ['has no file', 'multipart/form-data; boundary=x', `${on}--x--`, 422, 'invalid_request'],
      ['has two files', 'multipart/form-data; boundary=x', `${file}${file}--x--`, 422, 'invalid_request'],
      ['has a field twice', 'multipart/form-data; boundary=x', `${on}${on}${file}--x--`, 422, 'invalid_request'],
      ['has an unknown field', 'multipart/form-data; boundary=x', `${part('submit', '1')}${file}--x--`, 422, 'invalid_request'],
      ['has an invalid date', 'multipart/form-data; boundary=x', `${part('signedOn', '0000-01-01')}${file}--x--`, 422, 'invalid_request'],
    ];
    let claimId: string;
    before(async () => ({ claimId } = (await post('/v1/claims', completeClaim())).body as { claimId: string }));

    for (const [how, type, body, status, code] of cases) {
      it(`is refused when the form ${how}`, async () => {
        const reply = await post(`/v1/claims/${claimId}/evidence`, body, { 'content-type': type });
        expect(outcome(reply)).to.deep.equal(problem(status, code));
      });
    }
  });

  for (const [what, value] of Object.entries({
    NUL: 'a\0b',
    'half a surrogate pair': '\ud83d',
    'a number': 7,
    'a list': ['a'],
    'too long': 'x'.repeat(201),
    'an email address': 'Ann <ann.lee@contoso.example>',
  })) {
    it(`is refused for a name that is ${what}`, async () => {
      expect(outcome(await post('/v1/claims', { name: value }))).to.deep.equal(problem(422, 'invalid_request'));
    });
  }

  it('is refused with its first hundred faults and the number of the others', async () => {
    const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, 1]));
    const reply = await post('/v1/claims', keys);
    expect(outcome(reply)).to.deep.equal(problem(422, 'invalid_request'));
    expect(reply.body['errors']).to.have.length(100);
    expect(reply.body['detail']).to.match(/ And 19999 more\.$/);
  });

  it('is refused for huge lists, numbers and bodies', async () => {
    for (const body of [
      { lines: Array(100_000).fill({ product: 'teams' }).slice(0, 20_000) },
      { tags: Array(100_000).fill('t') },
      { acknowledgementVersion: 1e308 },
      { acknowledgementVersion: 2 ** 53 },
      { acknowledgementVersion: -1 },
    ])
      expect(outcome(await post('/v1/claims', body))).to.deep.equal(problem(422, 'invalid_request'));
    const huge = await post('/v1/claims', '{"acknowledgementVersion":1e999}', { 'content-type': 'application/json' });
    expect(outcome(huge)).to.deep.equal(problem(422, 'invalid_request'));
    expect(outcome(await post('/v1/claims', { name: 'x'.repeat(1_100_000) }))).to.deep.equal(problem(413, 'payload_too_large'));
  });

  it('is refused for dates and instants that PostgreSQL cannot store', async () => {
    const evidence = completeClaim()['evidence'].map((file) => ({ ...file, signedOn: '0000-01-01' }));
    expect(outcome(await post('/v1/claims', completeClaim({ evidence })))).to.deep.equal(problem(422, 'invalid_request'));
    const fraction = `2026-01-01T00:00:00.${'0'.repeat(300)}Z`;
    const instants = operations.flatMap(({ method, path, parameters }) =>
      parameters.filter(({ schema }) => schema.format === 'date-time').map(({ name }) => ({ method, path, parameters, name })),
    );
    expect(instants).to.have.length.above(8);
    for (const { method, path, parameters, name } of instants) {
      for (const value of ['0000-01-01T00:00:00Z', fraction, '2026-13-01T00:00:00Z', '2026-01-01']) {
        const reply = await asAllowedRole(method, `${path}?${queryOf(parameters, { [name]: value })}`);
        expect(outcome(reply), `${path} ${name}=${value}`).to.deep.equal(problem(422, 'invalid_request'));
      }
    }
  });

  it('never causes a 500 with a forged cursor', async () => {
    const place = { dueAt: '0000-01-01T00:00:00Z', claimId: anyId, version: 2 ** 53 };
    const forged = [2 ** 31, -1, 'x', null, [], {}, place, { associationId: anyId, month: '0000-01-01', dimension: '\0' }].map((position) =>
      Buffer.from(JSON.stringify(position)).toString('base64url'),
    );
    const paged = operations.flatMap(({ method, path, parameters }) =>
      parameters.filter(({ name }) => name === 'cursor' || name === 'after').map(({ name }) => ({ method, path, parameters, name })),
    );
    expect(paged).to.have.length.above(10);
    for (const { method, path, parameters, name } of paged) {
      for (const value of [...forged, 'not base64 at all', '%00']) {
        const reply = await asAllowedRole(method, `${path}?${queryOf(parameters, { [name]: value })}`);
        // A plain id or log position cannot be told from a genuine cursor, so 200 is allowed.
        expect(reply.status, `${path} ${name}=${value}: ${reply.text.slice(0, 300)}`).to.be.oneOf([200, 404, 422]);
      }
    }
  });

  it('finds nothing when its search text only begins like an id', async () => {
    for (const q of ['12345678--', '12345678-1-', '12345678-12345', '12345678-1234-1234-1234-1234567890123']) {
      const reply = await api.call('GET', `/v1/claims?q=${q}`, { token });
      expect([reply.status, reply.body['items']], q).to.deep.equal([200, []]);
    }
  });

  it('is refused for a parameter that is unknown, repeated or not UTF-8', async () => {
    for (const query of ['unknown=1', 'limit=1&limit=2', 'x=%FF', 'q=%00', 'q[a]=b'])
      expect(outcome(await api.call('GET', `/v1/claims?${query}`, { token })), query).to.deep.equal(problem(422, 'invalid_request'));
    const misspelt = '/v1/programmes/sample?dryrun=true';
    const put = await api.call('PUT', misspelt, { token: await api.token('vendor_admin'), body: {} });
    expect(outcome(put)).to.deep.equal(problem(422, 'invalid_request'));
    expect(outcome(await api.call('GET', '/v1/claims/%FF', { token }))).to.deep.equal(problem(404, 'not_found'));
  });

  it('is refused for an invalid identifier of any length', async () => {
    for (const id of ['x'.repeat(400), '%00', "'%20OR%201=1", '..%2F..', '__proto__'])
      expect(outcome(await api.call('GET', `/v1/claims/${id}`, { token })), id).to.deep.equal(problem(422, 'invalid_request'));
    expect(outcome(await api.call('GET', `/v1/claims/${'x'.repeat(600)}`, { token }))).to.deep.equal(problem(404, 'not_found'));
    const product = `workload:${northwind.tenantId}:${'p'.repeat(64)}`;
    expect((await api.call('GET', `/v1/targets/${encodeURIComponent(product)}/history`, { token })).status).to.equal(200);
  });

  it('gets a problem document even if it is not valid HTTP', async () => {
    const long = await api.call('GET', `/v1/claims?q=${'x'.repeat(20_000)}`, { token });
    expect(outcome(long)).to.deep.equal(problem(431, 'headers_too_large'));
    expect(long.headers.get('request-id')).to.equal(long.body['requestId']);
    const answer = await raw('HELO cpor\r\n\r\n');
    expect(answer)
      .to.match(/^HTTP\/1\.1 400 Bad Request\r\n/)
      .and.to.contain('"code":"malformed_request"');
  });

  it('is refused for a blank comment', async () => {
    const { claimId } = (await post('/v1/claims', completeClaim())).body;
    expect(outcome(await post(`/v1/claims/${claimId}/comments`, { text: ' \n ' }))).to.deep.equal(problem(422, 'invalid_request'));
    expect((await post(`/v1/claims/${claimId}/comments`, { text: '.' })).status).to.equal(200);
    const history = await api.call('GET', `/v1/claims/${claimId}/history`, { token });
    expect([history.status, history.body['items'].at(-1).comment]).to.deep.equal([200, '.']);
  });

  it('gets the same security headers as any other request', async () => {
    for (const { headers } of [await api.call('GET', '/v1/claims', { token }), await api.call('GET', '/v1/nothing')]) {
      const named = ['cache-control', 'x-content-type-options', 'x-frame-options', 'referrer-policy'].map((name) => headers.get(name));
      expect(named).to.deep.equal(['no-store', 'nosniff', 'DENY', 'no-referrer']);
      expect(headers.get('x-powered-by')).to.equal(null);
    }
  });

  /** Sends bytes that are not a valid HTTP request. */
  async function raw(bytes: string): Promise<string> {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    socket.write(bytes);
    return text(socket);
  }
});

/** Returns a query string with an operation's required parameters and the given ones. */
function queryOf(parameters: Parameter[], given: Record<string, string>): string {
  const required = parameters.filter(
    ({ in: location, name, required: isRequired }) => location === 'query' && isRequired && !(name in given),
  );
  return new URLSearchParams([
    ...required.map(({ name, schema }): [string, string] => [name, String(schema.enum?.[0] ?? schema.example ?? '1')]),
    ...Object.entries(given),
  ]).toString();
}
