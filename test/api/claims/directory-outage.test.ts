import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { createDirectory, type DirectoryProvider, PostgresDirectoryProvider } from '#libs/directory/index.js';
import { httpDirectoryLimits } from '#libs/directory/http/http-provider.js';
import { completeClaim, type Json, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { hang, refuse, TestDirectoryService } from '../../support/directory-service.js';
import { blueHeron, northwind } from '../../support/sample-directory.js';
import { Stage } from '../../support/stage.js';
import { waitFor } from '../../support/wait.js';

describe('A claim with a vendor’s own directory', function () {
  this.timeout(90_000);
  let stage: Stage;
  let service: TestDirectoryService;
  let api: TestApi;
  let partner: string;
  let reviewer: string;

  async function openDirectory(source: DataSource): Promise<DirectoryProvider> {
    service = new TestDirectoryService(new PostgresDirectoryProvider(source));
    await service.start();
    const { url, token } = service;
    // Shorter than in production, to keep the test of a hanging directory short.
    const limits = { attemptMs: 700, totalMs: 1_500 };
    return createDirectory({ url, token }, source, limits);
  }

  before(async () => {
    stage = await Stage.open({ openDirectory });
    const { database, namespace } = stage;
    api = await startTestApi({ database, namespace, env: { DIRECTORY_URL: service.url, DIRECTORY_TOKEN: service.token } });
    partner = await api.token('claim_admin');
    reviewer = await api.token('reviewer');
  });
  beforeEach(async () => {
    service.always = null;
    // The directory answers again once both processes have closed their circuit breakers.
    await waitFor('the directory to answer', async () => {
      const { status } = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ tenantId: randomUUID() }) });
      return status === 409;
    });
  });
  after(async () => {
    await api?.close();
    await stage?.close();
    await service?.stop();
  });

  const granite = { tenantId: '68702e1d-c739-48b9-9b74-4f5ac4734fe1', domain: 'granite-insurance.example' };
  const volga = { tenantId: '4af129f3-0693-4775-a62d-5cadaf59848c', domain: 'volga-textile.example' };
  const najd = { tenantId: '5fc430dc-4f58-448b-bfcd-c33b7bfc9b37', domain: 'najd-petrochemicals.example' };
  const unknownTenant = '00000000-0000-4000-8000-000000000000';
  const read = async (claimId: string): Promise<Json> => (await api.call('GET', `/v1/claims/${claimId}`, { token: partner })).body;
  const waits = async (claimId: string) => ((await read(claimId))['waiting'] as Json[]).map((wait) => wait['for'] as string);
  const process = async (claimId: string): Promise<Json> =>
    (await api.call('GET', `/v1/claims/${claimId}/process`, { token: partner })).body;
  const operation = async (id: string): Promise<Json> => (await api.call('GET', `/v1/operations/${id}`, { token: partner })).body;
  const submit = (tenant: { tenantId: string; domain: string }, more: Json = {}): Promise<Reply> => {
    const customer = { name: 'Alex Carter', title: 'Head of IT', email: `alex.carter@${tenant.domain}` };
    const contacts = { customer, partner: { name: 'Robin Fields', email: 'claims@evergreen.example' } };
    return api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ submit: true, ...tenant, contacts, ...more }) });
  };
  /** Submits a claim and waits until the cached answer of the directory has expired. */
  const submittedWithStaleAnswer = async (tenant: { tenantId: string; domain: string }): Promise<Reply> => {
    const claim = await submit(tenant);
    expect(claim.status, claim.text).to.equal(201);
    const submittedAt = performance.now();
    await waitFor('the cached answer to expire', () => performance.now() - submittedAt > httpDirectoryLimits.freshMs);
    return claim;
  };

  it('is checked against it', async () => {
    const { status, body, text } = await submit(northwind);
    expect([status, body['phase']], text).to.deep.equal([201, 'submitted']);
    expect(service.calls.at(-1)!.headers.authorization).to.equal(`Bearer ${service.token}`);
    const refused = await submit({ ...northwind, tenantId: unknownTenant });
    expect([refused.status, refused.body['code']]).to.deep.equal([409, 'tenant_unknown']);
  });

  for (const [what, misbehaviour, tenant] of [
    ['answers 503', refuse(503), blueHeron],
    ['hangs', hang, granite],
  ] as const) {
    it(`is accepted while the directory ${what}, shows that it waits for it, and continues without help`, async () => {
      service.always = misbehaviour;
      const sent = await submit(tenant);
      expect(sent.status, sent.text).to.equal(202);
      const { claimId, operationId } = sent.body as { claimId: string; operationId: string };

      await waitFor('the draft to exist', async () => (await read(claimId))['phase'] === 'draft');
      const [wait] = (await read(claimId))['waiting'] as Json[];
      expect(wait).to.deep.include({ for: 'directory', mover: 'system', lines: [1], until: null });
      await waitFor(
        'the step to be retried',
        async () => ((await process(claimId))['workflow']?.['retrying'] as Json[])?.length === 1,
        30_000,
      );
      const waiting = await process(claimId);
      expect(waiting['waiting']).to.deep.equal([wait]);
      expect(waiting['workflow'].retrying[0].step).to.equal('lookUpDirectory');
      expect(waiting['workflow'].retrying[0].error).to.match(/^The directory /);
      expect(waiting['workflow'].view.step).to.equal('querying_directory');
      expect(await operation(operationId)).to.include({ status: 'accepted' });

      service.always = null;
      await waitFor('the claim to be submitted', async () => (await read(claimId))['phase'] === 'submitted', 40_000);
      expect(await waits(claimId)).to.deep.equal(['review']);
      expect(await operation(operationId)).to.include({ status: 'done' });
    });
  }

  it('stores an edit of a submitted claim while the directory is down, and executes it when the directory is back', async () => {
    const { body: claim, headers } = await submittedWithStaleAnswer(volga);
    const claimId = claim['claimId'] as string;
    service.always = refuse(500);
    const body = {
      lines: [
        { line: 1, product: 'teams', activities: ['usage'] },
        { product: 'viva_insights', activities: ['usage'] },
      ],
    };
    const sent = await api.call('PATCH', `/v1/claims/${claimId}`, {
      token: partner,
      body,
      headers: { 'If-Match': headers.get('etag')!, 'Idempotency-Key': 'an-edit-in-the-dark' },
    });
    expect(sent.status, sent.text).to.equal(202);
    const { operationId } = sent.body as { operationId: string };
    await waitFor('the claim to wait for the directory', async () => (await waits(claimId)).includes('directory'));
    expect(await operation(operationId)).to.include({ status: 'accepted' });
    service.always = null;
    await waitFor('the edit to be settled', async () => (await operation(operationId))['status'] !== 'accepted', 40_000);
    expect(await operation(operationId)).to.include({ status: 'done' });
    expect(((await read(claimId))['lines'] as Json[]).map(({ product }) => product as string)).to.deep.equal(['teams', 'viva_insights']);
  });

  it('saves an edit of a draft while the directory is down, and checks it at submission', async () => {
    service.always = refuse(500);
    const made = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ partnerId: '1240388' }) });
    expect([made.status, made.body['phase']], made.text).to.deep.equal([201, 'draft']);
    const claimId = made.body['claimId'] as string;
    const edited = await api.call('PATCH', `/v1/claims/${claimId}`, {
      token: partner,
      body: { tenantId: randomUUID() },
      headers: { 'If-Match': made.headers.get('etag')! },
    });
    expect([edited.status, edited.body['phase']], edited.text).to.deep.equal([200, 'draft']);
    const sent = await api.call('POST', `/v1/claims/${claimId}/submissions`, { token: partner, body: {} });
    expect(sent.status, sent.text).to.equal(202);
    await waitFor('the claim to wait for the directory', async () => (await waits(claimId)).includes('directory'));
    service.always = null;
    const { operationId } = sent.body as { operationId: string };
    await waitFor('the submission to be settled', async () => (await operation(operationId))['status'] === 'refused', 40_000);
    expect(await waits(claimId)).to.deep.equal([]);
  });

  it('stores an approval while the directory is down, and executes it when the directory is back', async () => {
    const { body: claim, headers } = await submittedWithStaleAnswer(najd);
    const claimId = claim['claimId'] as string;
    service.always = refuse(500);
    const sent = await api.call('POST', `/v1/claims/${claimId}/decisions`, {
      token: reviewer,
      body: { outcome: 'approve' },
      headers: { 'If-Match': headers.get('etag')! },
    });
    expect(sent.status, sent.text).to.equal(202);
    service.always = null;
    await waitFor('the approval', async () => (await read(claimId))['phase'] === 'consent_pending', 40_000);
  });
});
