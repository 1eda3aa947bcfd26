import { expect } from 'chai';
import { codeOf, completeClaim, draftClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { northwind } from '../../support/sample-directory.js';

describe('A draft over HTTP', () => {
  let database: TestDatabase;
  let api: TestApi;
  let partner: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    partner = await api.token('claim_admin');
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const draft = (more: Json = {}) => draftClaim(api, partner, more);
  const edit = (claimId: string, version: number, body: Json) =>
    api.call('PATCH', `/v1/claims/${claimId}`, { token: partner, body, headers: { 'If-Match': `"${version}"` } });

  it('is saved and read back with its version as the ETag', async () => {
    const made = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ tags: ['wave-1'] }) });
    expect(made.status, made.text).to.equal(201);
    const read = await api.call('GET', `/v1/claims/${made.body['claimId']}`, { token: partner });
    expect(read.body).to.deep.equal(made.body);
    expect(read.headers.get('etag'))
      .to.match(/^"2\.[\w-]{22}"$/)
      .and.equal(made.headers.get('etag'));
    expect(made.headers.get('location')).to.equal(`/v1/claims/${made.body['claimId']}`);
    expect(read.headers.get('request-id')).to.match(/^[0-9a-f-]{36}$/);
    expect(read.body['number']).to.match(/^CLM-\d{6}$/);
    expect(read.body['contacts']['customer']).to.deep.equal({
      name: 'Alex Carter',
      title: 'Head of IT',
      email: `alex.carter@${northwind.domain}`,
    });
  });

  it('stores identifiers in normalised form', async () => {
    const claim = await draft({ tenantId: northwind.tenantId.toUpperCase(), domain: ` ${northwind.domain.toUpperCase()} ` });
    expect([claim['tenantId'], claim['domain']]).to.deep.equal([northwind.tenantId, northwind.domain]);
  });

  it('keeps names and addresses out of commands and events', async () => {
    const { claimId } = await draft();
    const [{ found }] = await database.source.query<[{ found: boolean }]>(
      `SELECT EXISTS (SELECT FROM claim_commands WHERE claim_id = $1 AND body::text LIKE '%alex.carter%')
        OR EXISTS (SELECT FROM claim_events WHERE claim_id = $1 AND data::text ~ 'alex.carter|Robin') AS found`,
      [claimId],
    );
    expect(found).to.equal(false);
  });

  it('leaves nothing behind when it is refused', async () => {
    const before = await database.source.query('SELECT count(*) FROM claims');
    const refused = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ tenantId: 'contoso' }) });
    expect(codeOf(refused)).to.deep.equal([409, 'tenant_id_invalid']);
    expect(refused.headers.get('content-type')).to.match(/^application\/problem\+json/);
    expect(refused.body['errors'][0]).to.include({ field: 'tenantId', code: 'tenant_id_invalid' });
    expect(await database.source.query('SELECT count(*) FROM claims')).to.deep.equal(before);
  });

  it('reports all faults together when it is saved and submitted in one call', async () => {
    const body = completeClaim({ submit: true, area: 'nowhere', name: '', evidence: [], acknowledgementVersion: null });
    const refused = await api.call('POST', '/v1/claims', { token: partner, body });
    expect(codeOf(refused)).to.deep.equal([409, 'claim_refused']);
    const codes = (refused.body['errors'] as Json[]).map((error) => error['code'] as string);
    expect(codes).to.include.members(['area_unknown', 'claim_name_required', 'evidence_missing', 'acknowledgement_required']);
  });

  it('refuses unknown fields and points to them', async () => {
    const reply = await api.call('POST', '/v1/claims', {
      token: partner,
      body: { ...completeClaim(), lines: [{ product: 'teams', seats: 3 }] },
    });
    expect(codeOf(reply)).to.deep.equal([422, 'invalid_request']);
    expect(reply.body['errors']).to.deep.equal([
      { field: 'seats', pointer: '/lines/0/seats', code: 'unknown_field', message: 'Unknown field' },
    ]);
  });

  it('refuses text that PostgreSQL cannot store', async () => {
    const reply = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ name: 'a\u0000b' }) });
    expect(codeOf(reply)).to.deep.equal([422, 'invalid_request']);
  });

  describe('when it is edited', () => {
    it('changes only the fields that are sent', async () => {
      const claim = await draft();
      const edited = await edit(claim['claimId'], 2, {
        name: 'Wave 2',
        contacts: { partner: { name: 'Kim', email: 'kim@evergreen.example' } },
      });
      expect(edited.status, edited.text).to.equal(200);
      expect(edited.headers.get('etag')).to.match(/^"3\./);
      expect(edited.body['name']).to.equal('Wave 2');
      expect(edited.body['contacts']['partner']).to.deep.equal({ name: 'Kim', email: 'kim@evergreen.example' });
      expect(edited.body['contacts']['customer']).to.deep.equal(claim['contacts']['customer']);
    });

    it('keeps its version if nothing changes', async () => {
      const claim = await draft();
      const { customer, partner: own } = claim['contacts'] as Json;
      const edited = await edit(claim['claimId'], 2, { name: claim['name'], contacts: { customer, partner: own } });
      expect(edited.status).to.equal(200);
      expect(edited.headers.get('etag')).to.match(/^"2\./);
    });

    it('keeps the numbers of existing lines and gives a new line the next number', async () => {
      const { claimId } = await draft({
        lines: [
          { product: 'teams', activities: ['usage'] },
          { product: 'exchange', activities: ['usage'] },
        ],
      });
      const lines = [
        { line: 2, product: 'exchange', activities: ['usage'] },
        { product: 'sharepoint', activities: ['usage'] },
      ];
      const edited = await edit(claimId, 2, { lines });
      expect(edited.status, edited.text).to.equal(200);
      expect((edited.body['lines'] as Json[]).map(({ line, product }) => [line, product])).to.have.deep.members([
        [2, 'exchange'],
        [3, 'sharepoint'],
      ]);
      expect(codeOf(await edit(claimId, 3, { lines: [{ line: 9, product: 'teams' }] }))).to.deep.equal([409, 'line_unknown']);
    });

    it('requires the version that the edit is based on', async () => {
      const { claimId } = await draft();
      const without = await api.call('PATCH', `/v1/claims/${claimId}`, { token: partner, body: { name: 'x' } });
      expect(codeOf(without)).to.deep.equal([428, 'precondition_required']);
      const stale = await edit(claimId, 1, { name: 'x' });
      expect(codeOf(stale)).to.deep.equal([412, 'version_conflict']);
      expect(stale.body).to.include({ version: 2, phase: 'draft' });
      const malformed = await api.call('PATCH', `/v1/claims/${claimId}`, { token: partner, body: {}, headers: { 'If-Match': 'two' } });
      expect(codeOf(malformed)).to.deep.equal([422, 'invalid_request']);
    });
  });

  it('can be discarded, after which it cannot be edited', async () => {
    const { claimId } = await draft();
    const discarded = await api.call('DELETE', `/v1/claims/${claimId}`, { token: partner });
    expect([discarded.status, discarded.body['phase']]).to.deep.equal([200, 'canceled']);
    expect(discarded.body['allowedActions']).to.deep.equal(['addComment']);
    expect(codeOf(await edit(claimId, 3, { name: 'x' }))).to.deep.equal([409, 'not_editable_in_state']);
  });

  it('can be saved in a programme that was published a moment ago, by concurrent callers', async () => {
    await draft();
    await database.source.query(
      `INSERT INTO policies (name, version, effective_from, body)
       SELECT 'fresh', 1, effective_from, body || '{"name": "fresh"}' FROM policies WHERE name = 'sample'`,
    );
    const made = await Promise.all(
      Array.from({ length: 8 }, () => api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ programme: 'fresh' }) })),
    );
    expect(made.map(({ status }) => status)).to.deep.equal(Array(8).fill(201));
  });
});
