import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { completeClaim, type Json, respondAsync, somePdf, startTestApi, type TestApi } from '../../support/api.js';
import { addTenants } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { NotifiedClaims } from '../../support/notified-claim.js';
import { evergreen } from '../../support/sample-directory.js';

const other = { accountId: 'a63c88ce-01ab-4367-a328-6ec63a60f30b', partnerId: '48213' };

describe('A partner that floods the API', () => {
  let database: TestDatabase;
  let api: TestApi;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database, env: { CPOR_RATE_LIMITS: '' } });
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  it('gets answers that the contract names, while another partner, a reviewer and a customer get all of theirs', async function () {
    this.timeout(180_000);
    const flooder = await api.token('claim_admin', { partner: evergreen.accountId });
    const partner = await api.token('claim_admin', { partner: other.accountId });
    const reviewer = await api.token('reviewer');
    const tenants = await addTenants(database.source, 6);
    const { token: link } = await new NotifiedClaims(database, api).notified(tenants.pop()!);

    const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
      api.call(method, path, { token: flooder, body, headers });
    const csv = { 'content-type': 'text/csv' };
    const floods: (() => Promise<{ status: number; body: Json; headers: Headers }>)[] = [
      () => call('POST', '/v1/claims', completeClaim({ name: 'x'.repeat(900_000) })),
      () =>
        call(
          'POST',
          '/v1/claims',
          completeClaim({ evidence: [{ fileName: 'a.pdf', contentBase64: somePdf().toString('base64').repeat(50) }] }),
        ),
      () => call('POST', '/v1/claims', completeClaim({ submit: true }), respondAsync),
      () => call('GET', '/v1/claims?limit=100&q=teams'),
      () => call('GET', '/v1/claims/export?format=csv'),
      () => call('POST', '/v1/claims/imports?submit=true', `name\n${'x\n'.repeat(4_000)}`, csv),
      () => call('POST', '/v1/claims', `{"a":${'['.repeat(400_000)}`, { 'content-type': 'application/json' }),
      () => call('GET', `/v1/claims/${randomUUID()}`),
    ];
    let isFlooding = true;
    const answers = new Map<number, number>();
    const flood = async (offset: number) => {
      for (let turn = offset; isFlooding; turn++) {
        const { status, body, headers } = await floods[turn % floods.length]!();
        answers.set(status, (answers.get(status) ?? 0) + 1);
        if (status < 400) continue;
        expect(body, String(status)).to.include.keys('code', 'detail', 'remedy');
        // Shedding load is allowed, and says when to come back.
        if (status >= 500) expect([status, headers.has('retry-after')]).to.deep.equal([503, true]);
      }
    };
    const flooding = Array.from({ length: 40 }, (_, worker) => flood(worker));

    try {
      for (const tenant of tenants.slice(0, 5)) {
        const { tenantId, domain } = tenant;
        const contacts = { ...completeClaim().contacts, customer: { name: 'Kim', title: 'IT', email: `kim@${domain}` } };
        const made = await api.call('POST', '/v1/claims', {
          token: partner,
          body: completeClaim({ partnerId: other.partnerId, tenantId, domain, contacts, submit: true }),
          headers: respondAsync,
        });
        expect(made.status, made.text).to.equal(202);
        const replies = [
          await api.call('GET', made.headers.get('location')!, { token: partner }),
          await api.call('GET', '/v1/review-queue', { token: reviewer }),
          await api.call('GET', `/n/${link}`),
          await api.call('GET', '/livez'),
        ];
        expect(replies.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
      }
    } finally {
      isFlooding = false;
      await Promise.all(flooding);
    }
    expect(
      [...answers.keys()].every((status) => [200, 201, 202, 400, 404, 409, 413, 415, 422, 429, 503].includes(status)),
      JSON.stringify([...answers]),
    ).to.equal(true);
    expect([...answers.values()].reduce((sum, count) => sum + count, 0)).to.be.greaterThan(100);
  });
});
