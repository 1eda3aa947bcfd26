import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { type Role, roles, roleSides } from '#libs/auth/index.js';
import { type ImportKind, ImportStore } from '#libs/imports/index.js';
import { completeClaim, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { addTenants } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { blueHeron, evergreen, evergreenAustin, ironbridge, northwind } from '../../support/sample-directory.js';
import { NotifiedClaims } from '../../support/notified-claim.js';
import { type Endpoint, endpoints, unitedStates } from './endpoints.expected.js';

/** How far a claim has progressed. */
type Stage = 'draft' | 'submitted' | 'notified';

type Caller = NonNullable<Parameters<TestApi['token']>[1]>;

/** Path parameters whose existence must not be revealed to strangers. */
const secretIds = [
  'claimId',
  'associationId',
  'importId',
  'updateId',
  'evidenceId',
  'holdId',
  'noticeId',
  'operationId',
  'blockId',
  'choiceId',
  'sessionId',
  'tenantId',
];

const partnerRoles = roles.filter((role) => roleSides[role] === 'partner');

type Stranger = Caller & { role: Role; isOwnTenant?: boolean };

/** Vendor users who act for a partner with a rival claim. */
const actingForRival: Stranger[] = roles
  .filter((role) => roleSides[role] === 'vendor')
  .map((role) => ({ role, actsFor: [ironbridge.accountId], subject: 'acts for a rival' }));

/** Callers with a suitable role from whom a claim is hidden until its customer is notified. */
const strangers: Stranger[] = [
  ...partnerRoles.map((role) => ({ role, partner: ironbridge.accountId, subject: 'stranger' })),
  ...partnerRoles.map((role) => ({ role, locations: [evergreenAustin.partnerId], subject: 'stranger' })),
  { role: 'tenant_admin', tenant: blueHeron.tenantId },
  { role: 'tenant_admin', isOwnTenant: true },
];

/** Returns whether the operation's body differs on each call. */
const isRandom = (operation: string): boolean => {
  const endpoint = endpoints[operation];
  const body = typeof endpoint === 'object' ? endpoint.body : undefined;
  return body !== undefined && (body() instanceof FormData || JSON.stringify(body()) !== JSON.stringify(body()));
};

/** What a caller can observe in a reply, without the parts that differ between any two requests. */
const observable = ({ status, body, text, headers }: Reply) => ({
  status,
  content: Object.keys(body).length === 0 ? text : { ...body, instance: '', requestId: '' },
  headers: [...headers].filter(([name]) => name !== 'date' && name !== 'request-id'),
});

describe('Every endpoint', () => {
  let database: TestDatabase;
  let api: TestApi;
  let claims: NotifiedClaims;
  let tenants: { tenantId: string; domain: string }[];

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    claims = new NotifiedClaims(database, api);
    tenants = await addTenants(database.source, 200);
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  /** Makes a new claim for each call. */
  async function makeClaim(stage: Stage): Promise<{ claimId: string; tenantId: string }> {
    if (stage !== 'draft') {
      const tenant = tenants.pop()!;
      const claimId = stage === 'notified' ? (await claims.notified(tenant)).claimId : await claims.submitted(tenant);
      return { claimId, tenantId: tenant.tenantId };
    }
    const made = await api.call('POST', '/v1/claims', { token: await api.token('claim_user'), body: completeClaim() });
    expect(made.status, made.text).to.equal(201);
    return { claimId: made.body['claimId'] as string, tenantId: northwind.tenantId };
  }

  /** Makes a claim with everything that a path can name. */
  async function ids(stage: Stage): Promise<Record<string, string>> {
    const { claimId, tenantId } = await makeClaim(stage);
    const [evidence] = await database.source.query<{ id: string }[]>('SELECT id FROM evidence_files WHERE claim_id = $1', [claimId]);
    const noticeId = randomUUID();
    await database.source.query(
      "INSERT INTO notice_recipients (recipient_id, notice_id, claim_id, kind, person_id) VALUES ($1, $2, $3, 'contact', $1)",
      [randomUUID(), noticeId, claimId],
    );
    const [block] = await database.source.query<{ block_id: string }[]>(
      'INSERT INTO partner_blocks (claim_id, tenant_id, partner_account_id, blocked_at) VALUES ($1, $2, $3, now()) RETURNING block_id',
      [claimId, tenantId, `blocked with ${claimId}`],
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
      [claimId, associationId, `workload:${tenantId}:${associationId}`],
    );
    const usageImportId = randomUUID();
    await database.source.query(
      `INSERT INTO usage_imports (import_id, set_name, programme, state, imported_by) VALUES ($1, 'seats', 'sample', 'failed', 'vendor')`,
      [usageImportId],
    );
    const subject = `a member of the company of ${claimId}`;
    await database.source.query(
      "INSERT INTO role_assignments (partner_account_id, subject, roles, locations, version, assigned_by) VALUES ($1, $2, '{usage_viewer}', '{*}', 2, 'ann')",
      [evergreen.accountId, subject],
    );
    const [endpointId, deliveryId] = [randomUUID(), randomUUID()];
    // One owner has a limited number.
    await database.source.query('DELETE FROM webhook_endpoints');
    await database.source.query(
      `INSERT INTO webhook_endpoints (endpoint_id, owner_kind, owner_id, url, description, format, secrets, version, created_by)
       VALUES ($1, 'partner', $2, 'https://partner.example/hooks', '', 'standard', '[]', 2, 'ann')`,
      [endpointId, evergreen.accountId],
    );
    await database.source.query(
      `INSERT INTO webhook_deliveries (endpoint_id, event_id, type, body) VALUES ($1, $2, 'webhook.test', '{}')`,
      [endpointId, deliveryId],
    );
    return {
      endpointId,
      deliveryId,
      subject,
      associationId,
      importId: await makeImport('create'),
      updateId: await makeImport('update'),
      usageImportId,
      tenantId,
      claimId,
      holdId,
      evidenceId: evidence!.id,
      noticeId,
      operationId: command!.command_id,
      name: 'sample',
      version: '1',
      blockId: block!.block_id,
      choiceId: randomUUID(),
      signatureId: randomUUID(),
      sessionId: randomUUID(),
      snapshotId: randomUUID(),
      submission: '1',
      code: 'not_found',
      target: 'subscription:none',
    };
  }

  /** Drafts a claim of another partner for the same customer and product. */
  async function draftRival({ tenantId }: Record<string, string>): Promise<void> {
    const token = await api.token('claim_user', { partner: ironbridge.accountId, subject: 'the rival' });
    const [found] = await database.source.query<{ domain: string }[]>('SELECT domain FROM directory_tenant_domains WHERE tenant_id = $1', [
      tenantId,
    ]);
    const body = {
      name: 'Ours',
      partnerId: ironbridge.partnerId,
      tenantId,
      domain: found!.domain,
      area: 'modern_work_security',
      lines: [{ product: 'teams', activities: ['usage'] }],
    };
    const made = await api.call('POST', '/v1/claims', { token, body });
    expect(made.status, made.text).to.equal(201);
  }

  /** Makes an import with one row that covers every location of the company. */
  async function makeImport(kind: ImportKind): Promise<string> {
    const store = new ImportStore(database.source);
    const importId = await store.begin({
      kind,
      partnerAccountId: evergreen.accountId,
      actor: { kind: 'partner', subject: 'somebody', actsFor: [] },
    });
    await store.addRows(importId, [{ row: 1, findings: [] }]);
    await store.complete(importId, randomUUID(), '');
    return importId;
  }

  /** Makes the claim that an operation's path names, at the stage that the operation needs. */
  function parametersOf(operation: string): Promise<Record<string, string>> {
    const endpoint = endpoints[operation];
    return operation.includes('{') ? ids(typeof endpoint === 'object' && endpoint.isNotified ? 'notified' : 'draft') : Promise.resolve({});
  }

  async function send(operation: string, named: Record<string, string>, token: string | undefined, key?: string): Promise<Reply> {
    const [method = '', template = ''] = operation.split(' ');
    const nameOf = (parameter: string): string | undefined => {
      if (parameter === 'name' && template.startsWith('/v1/calendars')) return unitedStates.name;
      if (parameter === 'importId' && template.startsWith('/v1/usage')) return named['usageImportId'];
      return named[parameter];
    };
    const path = template.replace(/\{(\w+)\}/g, (_, parameter: string) => nameOf(parameter) ?? '');
    const endpoint = endpoints[operation];
    const { body, ifMatch, query = '', headers: own } = typeof endpoint === 'object' ? endpoint : ({} as Partial<Endpoint>);
    const headers = { Prefer: 'respond-async', ...(ifMatch && { 'If-Match': '"2"' }), ...own };
    const sent = endpoint === 'public' && method === 'POST' ? {} : body?.();
    return api.call(method, `${path}${query}`, { token, body: sent, headers, key });
  }

  /** Calls the operation on a new claim. A partner role belongs to the claim's company, `tenant_admin` to its customer. */
  async function request(operation: string, role?: Role, more: Caller = {}): Promise<Reply> {
    const named = await parametersOf(operation);
    const tenant = role === 'tenant_admin' && named['tenantId'] !== undefined ? { tenant: named['tenantId'] } : {};
    return send(operation, named, role && (await api.token(role, { ...tenant, ...more })));
  }

  it('is tested here and described in the OpenAPI document', async () => {
    const { body } = await api.call('GET', '/openapi.json');
    const documented = Object.entries(body['paths'] as Record<string, object>).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(Object.keys(endpoints)).to.have.members(documented);
  });

  for (const [operation, endpoint] of Object.entries(endpoints)) {
    if (endpoint === 'public') {
      it(`answers ${operation} without a token`, async () => {
        expect((await request(operation)).status).to.be.oneOf([200, 503]);
      });
      continue;
    }
    const { right, wrong, isScoped } = endpoint;
    it(`answers ${operation} to ${right.role} with ${right.status}`, async () => {
      const reply = await request(operation, right.role);
      expect(reply.status, reply.text).to.equal(right.status);
    });
    it(`refuses ${operation} without a token`, async () => {
      const reply = await request(operation);
      expect([reply.status, reply.body['code']]).to.deep.equal([401, 'unauthenticated']);
    });
    if (wrong !== undefined) {
      it(`refuses ${operation} to ${wrong}`, async () => {
        const reply = await request(operation, wrong);
        expect([reply.status, reply.body['code']]).to.deep.equal([403, 'forbidden']);
      });
    }
    if (isScoped) {
      it(`hides ${operation} from a caller with the right role but another scope`, async () => {
        const otherScope =
          right.role === 'tenant_admin' ? { tenant: blueHeron.tenantId } : { partner: ironbridge.accountId, subject: 'stranger' };
        const reply = await request(operation, right.role, otherScope);
        expect([reply.status, reply.body['code']]).to.deep.equal([404, 'not_found']);
      });
    }
  }

  for (const operation of Object.keys(endpoints).filter((name) => secretIds.some((id) => name.includes(`{${id}}`)))) {
    it(`answers ${operation} to a stranger exactly as if the resource did not exist`, async () => {
      const answers: Record<string, string[]> = {};
      for (const stage of ['draft', 'submitted'] as const) {
        const named = await ids(stage);
        const unknown = { ...named, usageImportId: randomUUID(), ...Object.fromEntries(secretIds.map((id) => [id, randomUUID()])) };
        await draftRival(named);
        for (const { role, isOwnTenant, ...more } of operation.includes('{claimId}') ? [...strangers, ...actingForRival] : strangers) {
          if (isOwnTenant && operation.includes('{tenantId}')) continue;
          const token = await api.token(role, { ...more, ...(isOwnTenant && { tenant: named['tenantId']! }) });
          const [found, missing] = [await send(operation, named, token), await send(operation, unknown, token)];
          expect(observable(found), `${stage} to ${role} ${JSON.stringify(more)}`).to.deep.equal(observable(missing));
          expect(missing.status, `${role}: ${missing.text}`).to.be.oneOf([403, 404]);
          (answers[missing.status] ??= []).push(role);
        }
      }
      const endpoint = endpoints[operation] as Endpoint;
      if (endpoint.isScoped || operation.includes('{claimId}')) expect(answers[404], 'answered with 404').to.include(endpoint.right.role);
    });
  }

  for (const stage of ['draft', 'notified'] as const) {
    it(`treats one idempotency key at different addresses of a ${stage} claim as separate requests`, async () => {
      const [named, key] = [await ids(stage), randomUUID()];
      const outcomes: Record<string, (string | number)[]> = {};
      for (const [operation, endpoint] of Object.entries(endpoints)) {
        if (endpoint === 'public' || !operation.startsWith('POST /v1/') || operation.includes('/sandbox/')) continue;
        const { role } = endpoint.right;
        const token = await api.token(role, {
          subject: 'same caller',
          ...(role === 'tenant_admin' && { tenant: named['tenantId']! }),
        });
        const replies = [await send(operation, named, token, key), await send(operation, named, token, key)];
        outcomes[operation] = replies.map(({ status }) => status);
        for (const { status, body, text } of replies) {
          expect(status, `${operation}: ${text}`).to.be.below(500);
          // A random body makes the second request a different one, so a conflict is correct.
          if (!isRandom(operation)) expect(body['code'], operation).not.to.equal('idempotency_conflict');
        }
      }
      expect(
        Object.values(outcomes)
          .flat()
          .filter((status) => Number(status) < 300).length,
      ).to.be.greaterThan(20);
    });
  }

  it('hides the claims of other locations of the same company', async () => {
    const { claimId } = await makeClaim('draft');
    const token = await api.token('claim_user', { locations: ['1240388'] });
    expect((await api.call('GET', `/v1/claims/${claimId}`, { token })).status).to.equal(404);
    const refused = await api.call('POST', '/v1/claims', { token, body: completeClaim({ tenantId: northwind.tenantId }) });
    expect([refused.status, refused.body['code']]).to.deep.equal([409, 'not_own_location']);
  });
});
