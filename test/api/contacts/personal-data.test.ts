import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Role } from '#libs/auth/index.js';
import { executeCommands } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { eraseDue, exportContact, personalPlaces } from '#libs/retention/index.js';
import { snapshotFields } from '#libs/snapshots/index.js';
import { completeClaim, type Json, somePdf, startTestApi, type TestApi, respondAsync } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { columnsContaining } from '../../support/personal-data.js';
import { evergreen, evergreenAustin, northwind } from '../../support/sample-directory.js';

/** Text fields that hold no personal data: identifiers, codes and names of claims, in which an address is refused. */
const impersonalFields = [
  ...['name', 'externalReference', 'tags/[]', 'area', 'domain', 'tenantId', 'partnerId', 'programme', 'lines/[]/product'],
  ...['lines/[]/subscriptionId', 'lines/[]/activities/[]', 'reasons/[]', 'clearedHolds/[]', 'by', 'subject'],
  ...['evidence/[]/cover/tenantId', 'evidence/[]/cover/domain', 'evidence/[]/cover/products/[]', 'evidence/[]/cover/activities/[]'],
  ...['coverTenantId', 'coverDomain', 'coverTemplateSha256', 'coverProducts', 'coverActivities'],
  // Bodies that the vendor publishes or imports.
  'PUT /v1/programmes/{name}',
  'PUT /v1/calendars/{name}',
  'POST /v1/usage/imports',
  // What a company says of its own systems, and changes or deletes itself.
  'POST /v1/webhook-endpoints',
  'PATCH /v1/webhook-endpoints/{endpointId}',
  // Nothing of it is stored.
  'POST /v1/claims/{claimId}/decision-previews',
  // A reason code of the programme.
  'POST /v1/claims/{claimId}/decisions reason',
  'POST /v1/review-queue/next',
  'partnerAccountId',
];

/** A request whose `fields` accept free text. Every call of `mark` makes a unique text to search for later. */
interface Sending {
  role: Role;
  fields: string[];
  body: (mark: () => string) => unknown;
  isVersioned?: true;
  headers?: Record<string, string>;
}

const people = ['customer/name', 'customer/title', 'customer/email', 'partner/name', 'partner/email'];
const contactFields = [...people, 'technical/name', 'technical/title', 'technical/email'].map((field) => `contacts/${field}`);
const revenueFields = ['sellerName', 'customerName', 'solutionName'].map((field) => `revenue/${field}`);

const stated = (mark: () => string) => {
  const person = () => ({ name: `Ann ${mark()}`, title: mark(), email: `${mark()}@${northwind.domain}` });
  const customer = person();
  return {
    contacts: { customer, partner: { name: mark(), email: `${mark()}@evergreen.example` }, technical: person() },
    // The seller's name is found in the export because it contains the contact's name.
    revenue: { sellerName: `${customer.name} ${mark()}`, customerName: mark(), solutionName: mark() },
  };
};

const sendings: Record<string, Sending> = {
  'POST /v1/claims': {
    role: 'claim_admin',
    fields: [...contactFields, ...revenueFields, 'evidence/[]/fileName'],
    body: (mark) =>
      completeClaim({
        ...stated(mark),
        evidence: [{ fileName: `${mark()}.pdf`, contentBase64: somePdf().toString('base64'), signedOn: '2026-10-14' }],
      }),
  },
  'PATCH /v1/claims/{claimId}': { role: 'claim_admin', fields: [...contactFields, ...revenueFields], body: stated, isVersioned: true },
  'POST /v1/claims/imports': {
    role: 'claim_admin',
    fields: [''],
    headers: { 'content-type': 'application/x-ndjson' },
    body: (mark) => JSON.stringify(completeClaim(stated(mark))),
  },
  'POST /v1/claims/updates': {
    role: 'claim_admin',
    fields: [''],
    headers: { 'content-type': 'application/x-ndjson' },
    body: (mark) => JSON.stringify({ number: 'CLM-000001', ...stated(mark) }),
  },
  'POST /v1/claims/{claimId}/comments': { role: 'claim_admin', fields: ['text'], body: (mark) => ({ text: mark() }) },
  'POST /v1/claims/{claimId}/information-requests': {
    role: 'reviewer',
    fields: ['comment'],
    body: (mark) => ({ reasons: ['evidence_products_missing'], comment: mark() }),
  },
  'POST /v1/claims/{claimId}/deadline-extensions': {
    role: 'reviewer',
    fields: ['comment'],
    body: (mark) => ({ clock: 'partner_answer', comment: mark() }),
  },
  'POST /v1/claims/{claimId}/answers': { role: 'claim_admin', fields: ['comment'], body: (mark) => ({ comment: mark() }) },
  'POST /v1/claims/{claimId}/choices': { role: 'reviewer', fields: ['comment'], body: (mark) => ({ line: 1, comment: mark() }) },
  'POST /v1/claims/{claimId}/choices/{choiceId}/answers': {
    role: 'tenant_admin',
    fields: ['reason'],
    body: (mark) => ({ claimId: randomUUID(), reason: mark() }),
  },
  'POST /v1/claims/{claimId}/rival-decisions': {
    role: 'reviewer',
    fields: ['comment'],
    body: (mark) => ({ line: 1, winner: randomUUID(), step: 'newest_evidence', comment: mark() }),
    isVersioned: true,
  },
  'POST /v1/claims/{claimId}/decisions': {
    role: 'reviewer',
    fields: ['comment'],
    body: (mark) => ({ outcome: 'approve', comment: mark() }),
    isVersioned: true,
  },
  'POST /v1/claims/{claimId}/acceptances': { role: 'tenant_admin', fields: ['reason'], body: (mark) => ({ reason: mark() }) },
  'POST /v1/claims/{claimId}/transfers': {
    role: 'claim_admin',
    fields: ['comment'],
    body: (mark) => ({ partnerId: evergreenAustin.partnerId, comment: mark() }),
  },
  'POST /v1/claims/{claimId}/disassociations': { role: 'claim_admin', fields: ['reason'], body: (mark) => ({ reason: mark() }) },
  'POST /v1/claims/{claimId}/revocations': { role: 'vendor_admin', fields: ['reason'], body: (mark) => ({ reason: mark() }) },
  'POST /v1/claims/{claimId}/opt-outs': { role: 'tenant_admin', fields: ['reason'], body: (mark) => ({ reason: mark() }) },
  'POST /v1/tenants/{tenantId}/blocks': {
    role: 'tenant_admin',
    fields: ['reason'],
    body: (mark) => ({ partnerAccountId: evergreen.accountId, reason: mark() }),
  },
  'POST /v1/claims/{claimId}/disputes': { role: 'claim_admin', fields: ['statement'], body: (mark) => ({ statement: mark() }) },
  'POST /v1/claims/{claimId}/dispute-decisions': {
    role: 'reviewer',
    fields: ['comment'],
    body: (mark) => ({ outcome: 'final', comment: mark() }),
    isVersioned: true,
  },
  'POST /v1/claims/{claimId}/signatures': {
    role: 'claim_admin',
    fields: ['signatory/name', 'signatory/email'],
    body: (mark) => ({ signatory: { name: mark(), email: `${mark()}@${northwind.domain}` } }),
  },
  'POST /v1/claims/{claimId}/withdrawals': { role: 'claim_admin', fields: ['comment'], body: (mark) => ({ comment: mark() }) },
  'POST /v1/claims/{claimId}/legal-holds': { role: 'vendor_admin', fields: ['reason'], body: (mark) => ({ reason: mark() }) },
  'POST /v1/claims/{claimId}/legal-holds/{holdId}/releases': {
    role: 'vendor_admin',
    fields: ['reason'],
    body: (mark) => ({ reason: mark() }),
  },
  'POST /v1/claims/{claimId}/submissions/{submission}/snapshots': {
    role: 'claim_admin',
    fields: ['label'],
    body: (mark) => ({ fields: [...snapshotFields], label: mark() }),
  },
};

const ifMatch = (etag: string | null): Record<string, string> => (etag === null ? {} : { 'If-Match': etag });

describe('Free text that people enter', function () {
  this.timeout(120_000);
  this.slow(60_000);
  let database: TestDatabase;
  let api: TestApi;

  before(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database });
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  it('is tested here for every free-text field of the contract', async () => {
    const document = (await api.call('GET', '/openapi.json')).body;
    const written = freeTexts(document).filter(
      ({ operation, field }) => ![field, operation, `${operation} ${field}`].some((name) => impersonalFields.includes(name)),
    );
    const sent = Object.entries(sendings).flatMap(([operation, { fields }]) => fields.map((field) => `${operation} ${field}`));
    expect(new Set(written.map(({ operation, field }) => `${operation} ${field}`))).to.deep.equal(new Set(sent));
  });

  it('is stored only in the declared columns, appears in full in contact exports, and is erased after retention', async () => {
    const marks: string[] = [];
    const mark = () => {
      const text = `zq${randomUUID().slice(0, 8)}`;
      marks.push(text);
      return text;
    };
    const library = new ProgrammeLibrary(database.source);
    const token = (role: Role) => api.token(role, { subject: `subject-of-${role}` });
    const ids: Record<string, string> = { choiceId: randomUUID(), tenantId: northwind.tenantId, submission: '1' };
    const send = async (operation: string): Promise<number> => {
      const { role, body, isVersioned, headers } = sendings[operation]!;
      const [method, address] = operation.split(' ') as [string, string];
      const path = address.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name]!);
      const read = isVersioned ? await api.call('GET', `/v1/claims/${ids['claimId']}`, { token: await token(role) }) : null;
      const reply = await api.call(method, path, {
        token: await token(role),
        body: body(mark),
        // Stored whether the rules accept it or not.
        headers: { ...respondAsync, ...headers, ...ifMatch(read?.headers.get('etag') ?? null) },
      });
      ids['claimId'] ??= reply.body['claimId'] as string;
      ids['holdId'] = (reply.body['holdId'] as string | undefined) ?? ids['holdId']!;
      ids['importId'] = (reply.body['importId'] as string | undefined) ?? ids['importId']!;
      ids['updateId'] = (reply.body['updateId'] as string | undefined) ?? ids['updateId']!;
      await executeCommands(database.source, library, ids['claimId']);
      return reply.status;
    };

    const answered: Record<string, number> = { 'POST /v1/claims': await send('POST /v1/claims') };
    answered['PATCH /v1/claims/{claimId}'] = await send('PATCH /v1/claims/{claimId}');
    const submitted = await api.call('POST', `/v1/claims/${ids['claimId']}/submissions`, {
      token: await token('claim_admin'),
      body: {},
      headers: respondAsync,
    });
    expect(submitted.status, submitted.text).to.equal(202);
    await executeCommands(database.source, library, ids['claimId']!);
    // The approval comes first: the customer can answer only after it.
    const approval = 'POST /v1/claims/{claimId}/decisions';
    for (const operation of [approval, ...Object.keys(sendings)]) answered[operation] ??= await send(operation);
    // Every request is stored, executed or refused, except an acceptance with a reason, which is invalid.
    const invalid = Object.entries(answered).filter(([, status]) => status >= 300);
    expect(invalid.map(([operation]) => operation)).to.deep.equal(['POST /v1/claims/{claimId}/acceptances']);

    const held = await columnsContaining(database.source, marks);
    expect(personalPlaces.flatMap(({ columns }) => columns)).to.include.members(held);
    expect(held).to.include.members(['personal_data.content', 'evidence_files.file_name', 'claim_import_rows.content']);

    const texts = await Promise.all(
      held.map(async (name) => {
        const [table, column] = name.split('.');
        const [row] = await database.source.query<[{ text: string }]>(`SELECT string_agg("${column}"::text, ' ') AS text FROM "${table}"`);
        return row.text;
      }),
    );
    const stored = marks.filter((mark) => texts.some((text) => text.includes(mark)));
    expect(marks.length - stored.length).to.equal(invalid.length);
    const exported = await exportOfAll();
    expect(stored.filter((mark) => !exported.includes(mark))).to.deep.equal([]);

    for (const path of [`imports/${ids['importId']}`, `updates/${ids['updateId']}`]) {
      const cancelled = await api.call('POST', `/v1/claims/${path}/cancel`, { token: await token('claim_admin') });
      expect(cancelled.status, cancelled.text).to.equal(200);
    }
    const [claim] = await database.source.query<[{ is_open: boolean }]>('SELECT is_open FROM claims WHERE claim_id = $1', [ids['claimId']]);
    expect(claim.is_open).to.equal(false);
    await database.source.query(`INSERT INTO sandbox_clock (ahead) VALUES ('8 years')`);
    await eraseDue(database.source, { by: 'olga' });
    expect(await columnsContaining(database.source, marks)).to.deep.equal([]);
  });

  /** Returns the exports of all known contacts and subjects. */
  async function exportOfAll(): Promise<string> {
    const known = await database.source.query<{ email: string }[]>(
      `SELECT DISTINCT content ->> 'email' AS email FROM personal_data WHERE kind IN ('contact', 'tenant_admin')
       UNION SELECT coalesce(content -> 'changes', content) #>> ARRAY['contacts', who, 'email'] FROM claim_import_rows, unnest(ARRAY['customer', 'partner', 'technical']) AS who`,
    );
    const subjects = [...new Set(Object.values(sendings).map(({ role }) => `subject-of-${role}`))];
    const wanted = [...known.map(({ email }) => ({ email })), ...subjects.map((subject) => ({ email: 'nobody@nowhere.example', subject }))];
    let exports = '';
    for (const person of wanted) for await (const piece of exportContact(database.source, person, 'olga')) exports += piece;
    return exports;
  }
});

/** Returns the text fields of all bodies that no enum, pattern or format restricts. */
function freeTexts(document: Json): { operation: string; field: string }[] {
  const resolve = (schema: Json): Json =>
    typeof schema['$ref'] === 'string' ? document['components'].schemas[schema['$ref'].split('/').at(-1)!] : schema;
  const walk = (unresolved: Json, path: string[], depth = 0): string[] => {
    const schema = resolve(unresolved);
    if (depth > 12) return [];
    const variants = [...(schema['anyOf'] ?? []), ...(schema['oneOf'] ?? []), ...(schema['allOf'] ?? [])] as Json[];
    const isText = [schema['type']].flat().includes('string');
    const isFree = isText && !['enum', 'const', 'format', 'pattern', 'contentEncoding'].some((key) => key in schema);
    return [
      ...variants.flatMap((variant) => walk(variant, path, depth + 1)),
      ...Object.entries((schema['properties'] ?? {}) as Json).flatMap(([name, property]) =>
        walk(property as Json, [...path, name], depth + 1),
      ),
      ...(schema['items'] ? walk(schema['items'] as Json, [...path, '[]'], depth + 1) : []),
      ...(isFree ? [path.join('/')] : []),
    ];
  };
  return Object.entries(document['paths'] as Json).flatMap(([path, operations]) =>
    Object.entries(operations as Json).flatMap(([method, operation]) => {
      const contents = Object.values(((operation as Json)['requestBody']?.content ?? {}) as Json) as Json[];
      const fields = contents.flatMap(({ schema }) => walk(schema as Json, []));
      return [...new Set(fields)].map((field) => ({ operation: `${method.toUpperCase()} ${path}`, field }));
    }),
  );
}
