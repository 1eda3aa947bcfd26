import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Role } from '#libs/auth/index.js';
import { sampleCalendars } from '#libs/calendar/index.js';
import { ImportStore } from '#libs/imports/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import {
  blueHeron,
  completeClaim,
  evergreen,
  ironbridge,
  northwind,
  type Reply,
  somePdf,
  startTestApi,
  type TestApi,
} from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** What one endpoint does for each kind of caller. Temporal is away, so commands of submitted claims are accepted and no more. */
interface Endpoint {
  right: { role: Role; status: number };
  /** A role that may not; none for endpoints open to everybody with a token. */
  wrong?: Role;
  /** Whether somebody else with the right role finds nothing. */
  isScoped?: boolean;
  body?: () => unknown;
  ifMatch?: boolean;
  /** What stands behind the path, such as `?set=seats`. */
  query?: string;
  headers?: Record<string, string>;
}

const unitedStates = sampleCalendars.find(({ name }) => name === 'us-federal')!;

const pdfForm = (): FormData => {
  const form = new FormData();
  form.set('signedOn', '2026-01-15');
  form.set('file', new Blob([new Uint8Array(somePdf())], { type: 'application/pdf' }), 'statement.pdf');
  return form;
};

const partner = (status: number, more: Partial<Endpoint> = {}): Endpoint => ({
  right: { role: 'claim_user', status },
  wrong: 'operator',
  isScoped: true,
  ...more,
});
const reviewer = (body: unknown, more: Partial<Endpoint> = {}): Endpoint => ({
  right: { role: 'reviewer', status: 202 },
  wrong: 'claim_admin',
  body: () => body,
  ...more,
});
const vendorAdmin = (status: number, body?: unknown): Endpoint => ({
  right: { role: 'vendor_admin', status },
  wrong: 'reviewer',
  ...(body !== undefined && { body: () => body }),
});
const usage = (query: string, more: Partial<Endpoint> = {}): Endpoint => ({
  right: { role: 'usage_viewer', status: 200 },
  wrong: 'claim_admin',
  query,
  ...more,
});
const tenant = (status: number, body?: () => unknown): Endpoint => ({
  right: { role: 'tenant_admin', status },
  wrong: 'claim_admin',
  isScoped: true,
  ...(body && { body }),
});
const everyone = (status = 200): Endpoint => ({ right: { role: 'usage_viewer', status } });

const endpoints: Record<string, Endpoint | 'public'> = {
  'GET /livez': 'public',
  'GET /readyz': 'public',
  'GET /problems': 'public',
  'GET /problems/{code}': 'public',
  'GET /sandbox/issuer/.well-known/openid-configuration': 'public',
  'GET /sandbox/issuer/jwks': 'public',
  'POST /v1/claims': partner(201, { wrong: 'reviewer', isScoped: false, body: () => completeClaim() }),
  'GET /v1/claims': partner(200, { isScoped: false }),
  'GET /v1/eligibility': partner(200, {
    wrong: 'reviewer',
    isScoped: false,
    query: `?programme=sample&partnerId=1240371&tenantId=${northwind.tenantId}`,
  }),
  'GET /v1/claims/summary': partner(200, { isScoped: false }),
  'GET /v1/claims/export': partner(200, { isScoped: false, query: '?format=json' }),
  'GET /v1/review-queue': { right: { role: 'reviewer', status: 200 }, wrong: 'vendor_admin' },
  'GET /v1/associations': { right: { role: 'vendor_support', status: 200 }, wrong: 'usage_viewer' },
  'GET /v1/associations/{associationId}': partner(200),
  'GET /v1/tenants/{tenantId}/associations': { right: { role: 'tenant_admin', status: 200 }, wrong: 'operator', isScoped: true },
  'POST /v1/claims/imports': partner(202, {
    wrong: 'reviewer',
    isScoped: false,
    body: () => completeClaim(),
    headers: { 'content-type': 'application/x-ndjson' },
  }),
  'GET /v1/claims/imports/{importId}': partner(200, { wrong: 'reviewer' }),
  'GET /v1/claims/imports/{importId}/rows': partner(200, { wrong: 'reviewer' }),
  'GET /v1/claims/imports/{importId}/rows.csv': partner(200, { wrong: 'reviewer' }),
  'POST /v1/claims/imports/{importId}/pause': partner(200, { wrong: 'reviewer' }),
  'POST /v1/claims/imports/{importId}/resume': partner(200, { wrong: 'reviewer' }),
  'POST /v1/claims/imports/{importId}/cancel': partner(200, { wrong: 'reviewer' }),
  'GET /v1/claims/{claimId}': partner(200),
  'PATCH /v1/claims/{claimId}': partner(200, { wrong: 'reviewer', body: () => ({ name: 'Another name' }), ifMatch: true }),
  'DELETE /v1/claims/{claimId}': partner(200, { wrong: 'reviewer' }),
  'GET /v1/claims/{claimId}/history': partner(200),
  'GET /v1/claims/{claimId}/process': partner(503, { wrong: 'tenant_admin' }),
  'POST /v1/claims/{claimId}/evidence': partner(201, { wrong: 'reviewer', body: pdfForm }),
  'GET /v1/claims/{claimId}/evidence': partner(200, { wrong: 'vendor_support' }),
  'GET /v1/claims/{claimId}/evidence/{evidenceId}/content': partner(200, { wrong: 'vendor_admin' }),
  'POST /v1/claims/{claimId}/submissions': partner(202, { wrong: 'reviewer', body: () => ({}) }),
  'POST /v1/claims/{claimId}/answers': partner(202, { wrong: 'reviewer', body: () => ({ comment: 'Here it is.' }) }),
  'POST /v1/claims/{claimId}/withdrawals': partner(202, { wrong: 'reviewer', body: () => ({}) }),
  'POST /v1/claims/{claimId}/comments': partner(200, { wrong: 'vendor_admin', body: () => ({ text: 'A word.' }) }),
  'POST /v1/claims/{claimId}/disputes': {
    right: { role: 'claim_admin', status: 202 },
    wrong: 'claim_user',
    isScoped: true,
    body: () => ({ statement: 'The evidence is complete.' }),
  },
  'POST /v1/claims/{claimId}/reviews': reviewer({}),
  'POST /v1/claims/{claimId}/information-requests': reviewer({ reasons: ['evidence_all_missing'] }),
  'POST /v1/claims/{claimId}/decisions': reviewer({ outcome: 'approve' }, { ifMatch: true }),
  'POST /v1/claims/{claimId}/hold-clearances': reviewer({}, { ifMatch: true }),
  'POST /v1/claims/{claimId}/dispute-decisions': reviewer({ outcome: 'final' }, { ifMatch: true }),
  'POST /v1/claims/{claimId}/disassociations': {
    right: { role: 'claim_admin', status: 202 },
    wrong: 'claim_user',
    isScoped: true,
    body: () => ({ reason: 'We work there no longer.' }),
  },
  'POST /v1/claims/{claimId}/revocations': {
    right: { role: 'vendor_admin', status: 202 },
    wrong: 'claim_admin',
    body: () => ({ reason: 'Against the terms.' }),
  },
  'POST /v1/claims/{claimId}/transfers': {
    right: { role: 'claim_admin', status: 202 },
    wrong: 'claim_user',
    isScoped: true,
    body: () => ({ partnerId: '1240388' }),
  },
  'POST /v1/claims/{claimId}/association-checks': { right: { role: 'operator', status: 202 }, wrong: 'claim_admin', body: () => ({}) },
  'GET /v1/targets/{target}/history': partner(200, { isScoped: false, wrong: 'usage_viewer' }),
  'GET /v1/events': { right: { role: 'vendor_admin', status: 200 }, wrong: 'reviewer' },
  'POST /v1/claims/{claimId}/opt-outs': {
    right: { role: 'tenant_admin', status: 202 },
    wrong: 'claim_admin',
    isScoped: true,
    body: () => ({}),
  },
  'GET /v1/claims/{claimId}/submissions': partner(200),
  // A draft was never submitted.
  'GET /v1/claims/{claimId}/submissions/{submission}': partner(404),
  'POST /v1/claims/{claimId}/deadline-extensions': reviewer({ clock: 'K4', comment: 'They are on holiday.' }),
  'POST /v1/claims/{claimId}/notices': partner(202, { wrong: 'tenant_admin', body: () => ({}) }),
  'GET /v1/claims/{claimId}/rivals': { right: { role: 'reviewer', status: 200 }, wrong: 'claim_admin' },
  'POST /v1/claims/{claimId}/choices': reviewer({ line: 1 }),
  'POST /v1/claims/{claimId}/rival-decisions': reviewer(
    { line: 1, winner: randomUUID(), step: 'holder', comment: 'The holder stays.' },
    { ifMatch: true },
  ),
  'POST /v1/claims/{claimId}/acceptances': tenant(202, () => ({})),
  'POST /v1/claims/{claimId}/choices/{choiceId}/answers': tenant(202, () => ({ claimId: randomUUID() })),
  'GET /v1/tenants/{tenantId}/blocks': tenant(200),
  'DELETE /v1/tenants/{tenantId}/blocks/{blockId}': tenant(202),
  'GET /v1/tenants/{tenantId}/choices': tenant(200),
  'GET /v1/tenants/{tenantId}/pending-claims': tenant(200),
  'GET /v1/reports/breaches': { right: { role: 'vendor_admin', status: 200 }, wrong: 'claim_admin' },
  'GET /v1/reports/calendar-coverage': { right: { role: 'operator', status: 200 }, wrong: 'claim_admin' },
  'POST /v1/notices/{noticeId}/bounces': {
    right: { role: 'operator', status: 202 },
    wrong: 'reviewer',
    body: () => ({ recipientId: randomUUID() }),
  },
  'POST /v1/claims/{claimId}/legal-holds': vendorAdmin(201, { reason: 'Litigation.' }),
  'GET /v1/claims/{claimId}/legal-holds': vendorAdmin(200),
  'POST /v1/claims/{claimId}/legal-holds/{holdId}/releases': vendorAdmin(201, { reason: 'Settled.' }),
  'POST /v1/contact-exports': vendorAdmin(200, { email: 'alex.carter@northwind-traders.example' }),
  'GET /v1/operations/{operationId}': { ...everyone(), right: { role: 'claim_user', status: 200 }, isScoped: true },
  'GET /v1/programmes': everyone(),
  'GET /v1/programmes/{name}': everyone(),
  'GET /v1/programmes/schema': everyone(),
  'PUT /v1/programmes/{name}': { right: { role: 'vendor_admin', status: 200 }, wrong: 'reviewer', body: () => samplePolicy },
  'GET /v1/programmes/{name}/versions': everyone(),
  'GET /v1/programmes/{name}/versions/{version}': everyone(),
  // The only version is in force.
  'DELETE /v1/programmes/{name}/versions/{version}': { right: { role: 'vendor_admin', status: 409 }, wrong: 'reviewer' },
  'GET /v1/calendars': everyone(),
  'PUT /v1/calendars/{name}': {
    right: { role: 'vendor_admin', status: 200 },
    wrong: 'reviewer',
    body: () => ({ ...unitedStates, effectiveFrom: unitedStates.coversFrom }),
  },
  'GET /v1/calendars/{name}/versions': everyone(),
  'GET /v1/calendars/{name}/versions/{version}': everyone(),
  'GET /v1/associations/{associationId}/usage': usage('?set=workload_usage', { isScoped: true }),
  'GET /v1/usage': usage('?set=workload_usage'),
  'GET /v1/usage/export': usage('?set=workload_usage'),
  'GET /v1/usage/aggregates': usage('?set=workload_usage'),
  'GET /v1/usage/series': usage('?set=workload_usage&measure=MonthlyActiveUsers'),
  'GET /v1/usage/exports': usage(''),
  'GET /v1/usage/sets': everyone(),
  'GET /v1/usage/refusals': { right: { role: 'operator', status: 200 }, wrong: 'usage_executive' },
  'POST /v1/usage/imports': {
    right: { role: 'vendor_admin', status: 201 },
    wrong: 'reviewer',
    query: '?set=workload_usage',
    body: () => 'CustomerTenantId,WorkloadName,MonthlyActiveUsers,PaidAvailableUnits,Date\n',
    headers: { 'content-type': 'text/csv' },
  },
  'GET /v1/usage/imports/{importId}': { right: { role: 'operator', status: 200 }, wrong: 'usage_executive' },
  'GET /v1/usage/imports/{importId}/errors': { right: { role: 'operator', status: 200 }, wrong: 'usage_executive' },
  'GET /v1/tenants/{tenantId}/accesses': { right: { role: 'tenant_admin', status: 200 }, wrong: 'usage_viewer', isScoped: true },
  'GET /v1/sandbox/clock': everyone(),
  'POST /v1/sandbox/clock/advances': { right: { role: 'operator', status: 200 }, wrong: 'claim_user', body: () => ({ by: 'PT1S' }) },
  'POST /v1/sandbox/sample-data': { right: { role: 'operator', status: 200 }, wrong: 'claim_user', body: () => ({}) },
};

describe('Every endpoint', () => {
  let database: TestDatabase;
  let api: TestApi;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi(database);
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  /** A draft of its own for each call, and the ids that paths can name. */
  async function ids(): Promise<Record<string, string>> {
    const token = await api.token('claim_user');
    const key = randomUUID();
    const made = await api.call('POST', '/v1/claims', { token, key, body: completeClaim() });
    expect(made.status, made.text).to.equal(201);
    const { claimId, evidence } = made.body as { claimId: string; evidence: { evidenceId: string }[] };
    const noticeId = randomUUID();
    await database.source.query(
      "INSERT INTO notice_recipients (recipient_id, notice_id, claim_id, kind, person_id) VALUES ($1, $2, $3, 'contact', $1)",
      [randomUUID(), noticeId, claimId],
    );
    const [block] = await database.source.query<{ block_id: string }[]>(
      'INSERT INTO partner_blocks (claim_id, tenant_id, partner_account_id, blocked_at) VALUES ($1, $2, $3, now()) RETURNING block_id',
      [claimId, northwind.tenantId, `blocked with ${claimId}`],
    );
    const [command] = await database.source.query<{ command_id: string }[]>(
      "SELECT command_id FROM claim_commands WHERE claim_id = $1 AND type = 'draftClaim'",
      [claimId],
    );
    const holdId = randomUUID();
    await database.source.query(
      "INSERT INTO legal_holds (hold_id, claim_id, text_id, placed_by, fingerprint) VALUES ($1, $2, $1, 'olga', '')",
      [holdId, claimId],
    );
    const associationId = randomUUID();
    await database.source.query(
      `INSERT INTO associations
         (association_id, claim_id, line, target, partner_account_id, partner_id, tenant_id, activities, official_at)
       SELECT $2, claim_id, 1, $3, partner_account_id, partner_id, tenant_id, '{usage}', cpor_now() FROM claims WHERE claim_id = $1`,
      [claimId, associationId, `workload:${northwind.tenantId}:${associationId}`],
    );
    const usageImportId = randomUUID();
    await database.source.query(
      `INSERT INTO usage_imports (import_id, set_name, programme, state, imported_by) VALUES ($1, 'seats', 'sample', 'failed', 'vendor')`,
      [usageImportId],
    );
    return {
      associationId,
      importId: await madeImport(),
      usageImportId,
      tenantId: northwind.tenantId,
      claimId,
      holdId,
      evidenceId: evidence[0]!.evidenceId,
      noticeId,
      operationId: command!.command_id,
      name: 'sample',
      version: '1',
      blockId: block!.block_id,
      choiceId: randomUUID(),
      submission: '1',
      code: 'not_found',
      target: 'subscription:none',
    };
  }

  /** An import of the whole company, with one row. */
  async function madeImport(): Promise<string> {
    const store = new ImportStore(database.source);
    const importId = await store.begin(evergreen.accountId, { kind: 'partner', subject: 'somebody', actsFor: [] }, false);
    await store.addRows(importId, [{ row: 1, findings: [] }]);
    await store.complete(importId, randomUUID(), '');
    return importId;
  }

  async function request(operation: string, token: string | undefined): Promise<Reply> {
    const [method = '', template = ''] = operation.split(' ');
    const named = template.includes('{') ? await ids() : {};
    if (template.startsWith('/v1/calendars')) named['name'] = unitedStates.name;
    if (template.startsWith('/v1/usage')) named['importId'] = named['usageImportId'] ?? '';
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => named[name] ?? '');
    const endpoint = endpoints[operation];
    const { body, ifMatch, query = '', headers: own } = typeof endpoint === 'object' ? endpoint : ({} as Partial<Endpoint>);
    const headers = { Prefer: 'respond-async', ...(ifMatch && { 'If-Match': '"2"' }), ...own };
    return api.call(method, `${path}${query}`, { token, body: body?.(), headers });
  }

  it('is tested here, and is described in the OpenAPI document', async () => {
    const { body } = await api.call('GET', '/openapi.json');
    const described = Object.entries(body['paths'] as Record<string, object>).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(Object.keys(endpoints)).to.have.members(described);
  });

  for (const [operation, endpoint] of Object.entries(endpoints)) {
    if (endpoint === 'public') {
      it(`answers ${operation} without a token`, async () => {
        expect((await request(operation, undefined)).status).to.be.oneOf([200, 503]);
      });
      continue;
    }
    const { right, wrong, isScoped } = endpoint;
    it(`answers ${operation} to ${right.role} with ${right.status}`, async () => {
      const reply = await request(operation, await api.token(right.role));
      expect(reply.status, reply.text).to.equal(right.status);
    });
    it(`refuses ${operation} without a token`, async () => {
      const reply = await request(operation, undefined);
      expect([reply.status, reply.body['code']]).to.deep.equal([401, 'unauthenticated']);
    });
    if (wrong !== undefined) {
      it(`refuses ${operation} to ${wrong}`, async () => {
        const reply = await request(operation, await api.token(wrong));
        expect([reply.status, reply.body['code']]).to.deep.equal([403, 'forbidden']);
      });
    }
    if (isScoped) {
      it(`hides ${operation} from others with the same role`, async () => {
        const others =
          right.role === 'tenant_admin' ? { tenant: blueHeron.tenantId } : { partner: ironbridge.accountId, subject: 'somebody-else' };
        const reply = await request(operation, await api.token(right.role, others));
        expect([reply.status, reply.body['code']]).to.deep.equal([404, 'not_found']);
      });
    }
  }

  it('answers a foreign claim exactly as one that does not exist', async () => {
    const { claimId } = await ids();
    const token = await api.token('claim_user', { partner: ironbridge.accountId });
    const withoutIds = (reply: Reply) => ({ ...reply.body, instance: '', requestId: '' });
    const foreign = await api.call('GET', `/v1/claims/${claimId}`, { token });
    const unknown = await api.call('GET', `/v1/claims/${randomUUID()}`, { token });
    expect(withoutIds(foreign)).to.deep.equal(withoutIds(unknown));
  });

  it('hides the claims of other locations of the same company', async () => {
    const { claimId } = await ids();
    const token = await api.token('claim_user', { locations: ['1240388'] });
    expect((await api.call('GET', `/v1/claims/${claimId}`, { token })).status).to.equal(404);
    const refused = await api.call('POST', '/v1/claims', { token, body: completeClaim({ tenantId: northwind.tenantId }) });
    expect([refused.status, refused.body['code']]).to.deep.equal([409, 'not_own_location']);
  });

  it('has no sandbox in production', async () => {
    const env = { CPOR_MODE: 'production', CPOR_PUBLIC_URL: 'https://cpor.example', OIDC_ISSUER: 'https://issuer.example' };
    const production = await startTestApi(database, undefined, env);
    try {
      expect((await production.call('GET', '/v1/sandbox/clock')).body['code']).to.equal('not_found');
      expect((await production.call('GET', '/sandbox/issuer/jwks')).status).to.equal(404);
    } finally {
      await production.close();
    }
  });
});
