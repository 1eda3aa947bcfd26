import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { checkoutRoot } from '#libs/embedded/index.js';

type Json = Record<string, any>;

const contract = JSON.parse(readFileSync(join(checkoutRoot, 'docs/reference/openapi.json'), 'utf8')) as Json;
const claims = '/v1/claims';
const schemas = (document: Json): Json => document['components']['schemas'] as Json;
const operation = (document: Json, method: string, path: string): Json => document['paths'][path][method] as Json;
const parameter = (document: Json, method: string, path: string, name: string): Json =>
  (operation(document, method, path)['parameters'] as Json[]).find((one) => one['name'] === name)!;

/** What was done to the contract, and what the check says of it for one of the operations concerned. */
const breaking: [what: string, change: (document: Json) => unknown, expected: string][] = [
  ['an operation is removed', (now) => delete now['paths'][claims].post, 'POST /v1/claims: is gone'],
  ['a path is removed', (now) => delete now['paths']['/v1/me'], 'GET /v1/me: is gone'],
  [
    'an operation is renamed',
    (now) => (operation(now, 'get', '/v1/me')['operationId'] = 'me_read'),
    'GET /v1/me: operationId is me_read, was me_get',
  ],
  [
    'an open operation asks for a token',
    (now) => (operation(now, 'get', '/problems')['security'] = [{ bearer: [] }]),
    'GET /problems: needs a token now',
  ],
  [
    'a parameter is removed',
    (now) => (operation(now, 'get', claims)['parameters'] = (operation(now, 'get', claims)['parameters'] as Json[]).slice(1)),
    'GET /v1/claims: parameter phase is gone',
  ],
  [
    'a parameter becomes required',
    (now) => (parameter(now, 'get', claims, 'q')['required'] = true),
    'GET /v1/claims: parameter q is required now',
  ],
  [
    'a parameter takes less',
    (now) => (parameter(now, 'get', claims, 'limit')['schema'].maximum = 5),
    'GET /v1/claims: parameter limit: maximum is 5, was 100',
  ],
  [
    'a parameter loses a value',
    (now) => (parameter(now, 'get', claims, 'sort')['schema'].enum = ['name']),
    'GET /v1/claims: parameter sort: -name is no longer accepted',
  ],
  ['a member becomes required', (now) => (schemas(now)['NewClaim'].required = ['name']), 'POST /v1/claims: body /name: is required now'],
  [
    'a member is no longer accepted',
    (now) => delete schemas(now)['NewClaim'].properties.tags,
    'POST /v1/claims: body /tags: is no longer accepted',
  ],
  [
    'a member takes another type',
    (now) => (schemas(now)['NewClaim'].properties.name = { type: 'integer' }),
    'POST /v1/claims: body /name: was string, is integer',
  ],
  [
    'a text gets shorter, deep inside',
    (now) => (schemas(now)['NewClaim'].properties.lines.items.properties.product.maxLength = 1),
    'POST /v1/claims: body /lines/*/product: maxLength is 1, was 64',
  ],
  [
    'a pattern is added',
    (now) => (schemas(now)['NewClaim'].properties.name.pattern = '^a'),
    'POST /v1/claims: body /name: the pattern has changed',
  ],
  [
    'null is no longer accepted',
    (now) => (schemas(now)['NewClaim'].properties.domain = { type: 'string', maxLength: 300 }),
    'POST /v1/claims: body /domain: null is no longer accepted',
  ],
  [
    'a form of a body is removed',
    (now) => schemas(now)['NewDecision'].oneOf.pop(),
    'POST /v1/claims/{claimId}/decisions: body /outcome: reject is no longer accepted',
  ],
  [
    'a media type is no longer taken',
    (now) => delete operation(now, 'post', '/v1/claims/imports')['requestBody'].content['text/csv'],
    'POST /v1/claims/imports: takes no text/csv now',
  ],
  ['webhooks are no longer sent', (now) => delete now['webhooks'].event, 'webhook event (application/json): is gone'],
  [
    'a member of a webhook is gone',
    (now) => delete schemas(now)['TestWebhook'].properties.data,
    'webhook event (application/json) : object is new',
  ],
  [
    'a member of an answer is gone',
    (now) => delete schemas(now)['Claim'].properties.number,
    'GET /v1/claims/{claimId}: answer 200 /number: is gone',
  ],
  [
    'a member of an answer may be absent',
    (now) => (schemas(now)['Claim'].required = (schemas(now)['Claim'].required as string[]).filter((name) => name !== 'number')),
    'GET /v1/claims/{claimId}: answer 200 /number: is no longer always there',
  ],
  [
    'a member of an answer may be null',
    (now) => (schemas(now)['Claim'].properties.number = { anyOf: [{ type: 'string' }, { type: 'null' }] }),
    'GET /v1/claims/{claimId}: answer 200 /number: null is new',
  ],
  [
    'a member of a list’s item has another type',
    (now) => (schemas(now)['ClaimSummary'].properties.number = { type: 'integer' }),
    'GET /v1/claims: answer 200 /items/*/number: was string, is integer',
  ],
  [
    'there is another success',
    (now) => (operation(now, 'get', '/v1/me')['responses']['204'] = { description: 'Nobody.' }),
    'GET /v1/me: may answer 204 now',
  ],
  [
    'an answer has another media type',
    (now) => (operation(now, 'get', '/v1/me')['responses']['200'].content = { 'text/plain': { schema: { type: 'string' } } }),
    'GET /v1/me: answer 200 is no longer application/json',
  ],
];

const harmless: [what: string, change: (document: Json) => unknown][] = [
  ['nothing', () => undefined],
  ['a new operation', (now) => (now['paths']['/v1/new'] = { get: operation(now, 'get', '/v1/me') })],
  [
    'an optional parameter',
    (now) => (operation(now, 'get', claims)['parameters'] as Json[]).push({ name: 'new', in: 'query', schema: { type: 'string' } }),
  ],
  ['an optional member of a body', (now) => (schemas(now)['NewClaim'].properties.new = { type: 'string' })],
  [
    'a longer text and a member that may be null',
    (now) => Object.assign(schemas(now)['NewClaim'].properties.name, { maxLength: 999, type: ['string', 'null'] }),
  ],
  ['another value of a parameter', (now) => (parameter(now, 'get', claims, 'sort')['schema'].enum as string[]).push('new')],
  [
    'a body that says more',
    (now) => schemas(now)['NewDecision'].oneOf.push({ type: 'object', properties: { outcome: { enum: ['wait'] } } }),
  ],
  [
    'a new member and a new value of an answer',
    (now) => {
      schemas(now)['Claim'].properties.new = { type: 'string' };
      schemas(now)['Claim'].required.push('new');
      schemas(now)['AssociationEvent'].properties.type.enum.push('association.new');
    },
  ],
  ['an answer that is shorter and never null', (now) => (schemas(now)['ClaimList'].properties.next = { type: 'string' })],
  ['another error', (now) => (operation(now, 'get', '/v1/me')['responses']['418'] = { description: 'A teapot.' })],
  ['other words', (now) => (operation(now, 'get', '/v1/me')['summary'] = 'Me')],
];

describe('The check for breaking changes', () => {
  let breakingChanges: (before: Json, after: Json) => string[];

  before(async () => {
    const file = pathToFileURL(join(checkoutRoot, 'tools/contract/breaking-changes.mjs')).href;
    ({ breakingChanges } = (await import(file)) as { breakingChanges: typeof breakingChanges });
  });

  for (const [what, change, expected] of breaking) {
    it(`finds that ${what}`, () => {
      const now = structuredClone(contract);
      change(now);
      expect(breakingChanges(contract, now)).to.include(expected);
    });
  }

  for (const [what, change] of harmless) {
    it(`accepts ${what}`, () => {
      const now = structuredClone(contract);
      change(now);
      expect(breakingChanges(contract, now)).to.deep.equal([]);
    });
  }
});
