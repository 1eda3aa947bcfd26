import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { Client } from 'pg';
import { executeCommands } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { codeOf, completeClaim, draftClaim, type Json, respondAsync, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { evergreen } from '../../support/sample-directory.js';

describe('A submission over HTTP while Temporal is down', () => {
  let database: TestDatabase;
  let api: TestApi;
  let partner: string;
  let reviewer: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    partner = await api.token('claim_admin');
    reviewer = await api.token('reviewer');
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const draft = (more: Json = {}) => draftClaim(api, partner, more);

  it('is accepted, and only its sender and the vendor can look up its operation', async () => {
    const { claimId } = await draft();
    const sent = await api.call('POST', `/v1/claims/${claimId}/submissions`, { token: partner, body: {}, headers: respondAsync });
    expect(sent.status, sent.text).to.equal(202);
    expect(sent.body).to.include({ claimId, status: 'accepted' });
    const operation = await api.call('GET', sent.headers.get('location')!, { token: partner });
    expect(operation.body).to.deep.include({
      operationId: sent.body['operationId'],
      type: 'submitClaim',
      status: 'accepted',
      errors: [],
    });
    expect((await api.call('GET', sent.headers.get('location')!, { token: await api.token('claim_user') })).status).to.equal(404);
    expect((await api.call('GET', sent.headers.get('location')!, { token: reviewer })).status).to.equal(200);
  });

  it('is stored after the commands of the draft when both are sent in one call', async () => {
    const key = randomUUID();
    const body = completeClaim({ submit: true, lines: [{ product: 'intune', activities: ['usage'] }] });
    const sent = await api.call('POST', '/v1/claims', { token: partner, body, key, headers: respondAsync });
    expect(sent.status, sent.text).to.equal(202);
    const again = await api.call('POST', '/v1/claims', { token: partner, body, key, headers: respondAsync });
    expect([again.status, again.body]).to.deep.equal([202, sent.body]);
    const stored = await database.source.query<{ type: string }[]>(
      'SELECT type FROM claim_commands WHERE claim_id = $1 ORDER BY sequence',
      [sent.body['claimId']],
    );
    expect(stored.map(({ type }) => type)).to.deep.equal(['draftClaim', 'addEvidence', 'submitClaim']);
    const files = await database.source.query<{ size_bytes: number }[]>('SELECT size_bytes FROM evidence_files WHERE claim_id = $1', [
      sent.body['claimId'],
    ]);
    expect(files).to.have.length(1);
  });

  it('has its outcome at once, as do the commands after it', async () => {
    const { claimId } = await draft();
    const submitted = await api.call('POST', `/v1/claims/${claimId}/submissions`, { token: partner, body: {} });
    expect([submitted.status, submitted.body['phase']]).to.deep.equal([200, 'submitted']);
    const asked = await api.call('POST', `/v1/claims/${claimId}/information-requests`, {
      token: reviewer,
      body: { reasons: ['evidence_all_missing'] },
    });
    expect([asked.status, asked.body['phase']], asked.text).to.deep.equal([200, 'action_required']);
  });

  it('shows only its sender that the claim has not been created yet', async () => {
    const body = completeClaim({ submit: true, lines: [{ product: 'exchange', activities: ['usage'] }] });
    const sent = await api.call('POST', '/v1/claims', { token: partner, body, headers: respondAsync });
    expect(sent.status, sent.text).to.equal(202);
    const { claimId, operationId } = sent.body;
    const path = `/v1/claims/${claimId}`;
    const read = await api.call('GET', path, { token: partner });
    expect(codeOf(read)).to.deep.equal([404, 'claim_not_yet_made']);
    expect(read.body).to.include({ operationId, operation: sent.headers.get('location') });
    expect(read.headers.get('retry-after')).to.equal('1');
    expect(codeOf(await api.call('POST', `${path}/comments`, { token: partner, body: { text: 'Wait.' } }))).to.deep.equal(codeOf(read));
    const colleague = await api.token('claim_admin', { subject: 'a-colleague' });
    expect(codeOf(await api.call('GET', path, { token: colleague }))).to.deep.equal([404, 'not_found']);
    await executeCommands(database.source, new ProgrammeLibrary(database.source), claimId);
    expect((await api.call('GET', path, { token: partner })).status).to.equal(200);
  });

  describe('for a target that the own company holds', () => {
    const body = completeClaim({ submit: true, lines: [{ product: 'sharepoint', activities: ['usage'] }] });
    const send = (key: string) => api.call('POST', '/v1/claims', { token: partner, body, key, headers: respondAsync });
    const becomeHolder = async (claimId: string) => {
      await database.source.query(
        `INSERT INTO associations (association_id, claim_id, line, target, partner_account_id, partner_id, tenant_id, activities, official_at)
         SELECT gen_random_uuid(), $1, 1, 'workload:' || $2 || ':' || $3, $4, $5, $2, ARRAY['usage'], cpor_now()`,
        [claimId, body.tenantId, body.lines[0]!.product, evergreen.accountId, evergreen.partnerId],
      );
    };
    after(() => database.source.query('UPDATE associations SET ended_at = cpor_now()'));

    it('is refused immediately, but a retry of an accepted request gets the stored answer', async () => {
      const key = randomUUID();
      const accepted = await send(key);
      expect(accepted.status, accepted.text).to.equal(202);
      await becomeHolder((await draft())['claimId']);
      const refused = await send(randomUUID());
      expect(codeOf(refused)).to.deep.equal([409, 'duplicate_own']);
      const again = await send(key);
      expect([again.status, again.body]).to.deep.equal([202, accepted.body]);
    });
  });

  describe('while the directory does not answer', () => {
    let lock: Client;

    before(async () => {
      lock = new Client({ connectionString: database.superuserUrl });
      await lock.connect();
      await lock.query('BEGIN; LOCK TABLE directory_tenants IN ACCESS EXCLUSIVE MODE');
    });
    after(() => lock.end());

    it('is not needed to save a draft, which skips the directory checks', async () => {
      const made = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ tenantId: randomUUID() }) });
      expect([made.status, made.body['phase']], made.text).to.deep.equal([201, 'draft']);
    });

    it('is accepted, and the workflow looks up the directory later', async () => {
      const sent = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ submit: true }), headers: respondAsync });
      expect(sent.status, sent.text).to.equal(202);
    });
  });
});
