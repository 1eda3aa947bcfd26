import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { Client } from 'pg';
import { executeCommands } from '#libs/inbox/index.js';
import { ProgrammeLibrary, samplePolicy } from '#libs/programmes/index.js';
import { codeOf, completeClaim, type Json, type Reply, somePdf, startTestApi, type TestApi } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { evergreen, ironbridge, northwind } from '../support/sample-directory.js';
import { waitFor } from '../support/wait.js';
import { UPLOAD_BUDGET } from '../../apps/api/src/evidence/upload.service.js';
import type { ByteBudget } from '../../apps/api/src/http/byte-budget.js';

const async = { Prefer: 'respond-async' };

describe('Claims by HTTP while Temporal is away', () => {
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

  const draft = async (more: Json = {}): Promise<Json> => {
    const made = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim(more) });
    expect(made.status, made.text).to.equal(201);
    return made.body;
  };
  const edit = (claimId: string, version: number, body: Json) =>
    api.call('PATCH', `/v1/claims/${claimId}`, { token: partner, body, headers: { 'If-Match': `"${version}"` } });

  it('saves a draft and reads it back with its version as ETag', async () => {
    const made = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ tags: ['wave-1'] }) });
    expect(made.status, made.text).to.equal(201);
    const read = await api.call('GET', `/v1/claims/${made.body['claimId']}`, { token: partner });
    expect(read.body).to.deep.equal(made.body);
    expect(read.headers.get('etag')).to.equal('"2"');
    expect(made.headers.get('location')).to.equal(`/v1/claims/${made.body['claimId']}`);
    expect(read.headers.get('request-id')).to.match(/^[0-9a-f-]{36}$/);
    expect(read.body['number']).to.match(/^CLM-\d{6}$/);
    expect(read.body['contacts']['customer']).to.deep.equal({
      name: 'Alex Carter',
      title: 'Head of IT',
      email: `alex.carter@${northwind.domain}`,
    });
  });

  it('looks into files by the programme that is in force by the product’s clock, not by this machine’s', async () => {
    const name = 'stricter-later';
    const publish = (version: number, from: string, body: Json) =>
      database.source.query('INSERT INTO policies (name, version, effective_from, body) VALUES ($1, $2, $3, $4)', [
        name,
        version,
        from,
        body,
      ]);
    await publish(1, '2025-01-01', { ...samplePolicy, name });
    await publish(2, '2999-01-01', { ...samplePolicy, name, version: 2, evidence: { ...samplePolicy.evidence, maximumBytes: 10 } });
    const { claimId } = await draft({ programme: name });
    const ahead = (to: string) =>
      database.source.query(
        `INSERT INTO sandbox_clock (ahead) VALUES ($1::timestamptz - clock_timestamp())
         ON CONFLICT (only_row) DO UPDATE SET ahead = excluded.ahead`,
        [to],
      );
    await ahead('2999-06-01');
    try {
      const form = new FormData();
      form.set('file', new Blob([new Uint8Array(somePdf())]), 'later.pdf');
      const replies = [
        await api.call('POST', `/v1/claims/${claimId}/evidence`, { token: partner, body: form }),
        await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ programme: name }) }),
      ];
      for (const reply of replies) expect(codeOf(reply), reply.text).to.deep.equal([413, 'evidence_too_large']);
    } finally {
      await database.source.query("UPDATE sandbox_clock SET ahead = interval '0'");
    }
  });

  it('stores identifiers in their normal form', async () => {
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

  it('refuses a draft and leaves nothing behind', async () => {
    const before = await database.source.query('SELECT count(*) FROM claims');
    const refused = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ tenantId: 'contoso' }) });
    expect(codeOf(refused)).to.deep.equal([409, 'tenant_id_invalid']);
    expect(refused.headers.get('content-type')).to.match(/^application\/problem\+json/);
    expect(refused.body['errors'][0]).to.include({ field: 'tenantId', code: 'tenant_id_invalid' });
    expect(await database.source.query('SELECT count(*) FROM claims')).to.deep.equal(before);
  });

  it('reports the faults of saving and of submission at once when both come in one call', async () => {
    const body = completeClaim({ submit: true, area: 'nowhere', name: '', evidence: [], acknowledgementVersion: null });
    const refused = await api.call('POST', '/v1/claims', { token: partner, body });
    expect(codeOf(refused)).to.deep.equal([409, 'claim_refused']);
    const codes = (refused.body['errors'] as Json[]).map((error) => error['code'] as string);
    expect(codes).to.include.members(['area_unknown', 'claim_name_required', 'evidence_missing', 'acknowledgement_required']);
  });

  it('refuses fields it does not know, at their place', async () => {
    const reply = await api.call('POST', '/v1/claims', {
      token: partner,
      body: { ...completeClaim(), lines: [{ product: 'teams', seats: 3 }] },
    });
    expect(codeOf(reply)).to.deep.equal([422, 'invalid_request']);
    expect(reply.body['errors']).to.deep.equal([
      { field: 'seats', pointer: '/lines/0/seats', code: 'unknown_field', message: 'This field is not known' },
    ]);
  });

  it('takes no text that the database cannot hold', async () => {
    const reply = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ name: 'a\u0000b' }) });
    expect(codeOf(reply)).to.deep.equal([422, 'invalid_request']);
  });

  describe('Idempotency-Key', () => {
    it('is needed', async () => {
      const reply = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim(), key: null });
      expect(codeOf(reply)).to.deep.equal([400, 'idempotency_key_required']);
    });

    it('makes a repeat answer the same claim, marked as one', async () => {
      const [key, body] = [randomUUID(), completeClaim()];
      const first = await api.call('POST', '/v1/claims', { token: partner, body, key });
      const again = await api.call('POST', '/v1/claims', { token: partner, body, key });
      expect([again.status, again.body]).to.deep.equal([201, first.body]);
      expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).to.deep.equal([null, 'true']);
    });

    it('makes sixteen at once one claim', async () => {
      const [key, body] = [randomUUID(), completeClaim()];
      const replies = await Promise.all(Array.from({ length: 16 }, () => api.call('POST', '/v1/claims', { token: partner, body, key })));
      expect(new Set(replies.map(({ status, body: { claimId } }) => `${status} ${claimId}`)).size).to.equal(1);
    });

    it('belongs to one request', async () => {
      const key = randomUUID();
      await api.call('POST', '/v1/claims', { token: partner, body: completeClaim(), key });
      const other = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ name: 'Other' }), key });
      expect(codeOf(other)).to.deep.equal([422, 'idempotency_conflict']);
    });

    it('belongs to the address it is sent to, and is another one elsewhere', async () => {
      const [key, body] = [randomUUID(), { text: 'Hello.' }];
      await api.call('POST', '/v1/claims', { token: partner, body: completeClaim(), key });
      const [first, second] = [(await draft())['claimId'] as string, (await draft())['claimId'] as string];
      const comment = (claimId: string, words = body) =>
        api.call('POST', `/v1/claims/${claimId}/comments`, { token: partner, body: words, key });
      expect([(await comment(first)).status, (await comment(second)).status]).to.deep.equal([200, 200]);
      expect((await comment(first.toUpperCase())).body['version']).to.equal((await comment(first)).body['version']);
      expect(codeOf(await comment(first, { text: 'Good-bye.' }))).to.deep.equal([422, 'idempotency_conflict']);
    });

    it('belongs to one caller', async () => {
      const [key, body] = [randomUUID(), completeClaim()];
      const first = await api.call('POST', '/v1/claims', { token: partner, body, key });
      const other = await api.call('POST', '/v1/claims', { token: await api.token('claim_user'), body, key });
      expect(other.body['claimId']).not.to.equal(first.body['claimId']);
    });

    it('brings back a stored refusal', async () => {
      const { claimId } = await draft();
      const key = randomUUID();
      const body = { tenantId: 'contoso' };
      const options = { token: partner, body, key, headers: { 'If-Match': '"2"', 'Idempotency-Key': key } };
      const first = await api.call('PATCH', `/v1/claims/${claimId}`, options);
      const again = await api.call('PATCH', `/v1/claims/${claimId}`, options);
      expect(codeOf(first)).to.deep.equal([409, 'tenant_id_invalid']);
      expect(again.body['errors']).to.deep.equal(first.body['errors']);
    });
  });

  describe('An edit', () => {
    it('changes what is sent and leaves the rest', async () => {
      const claim = await draft();
      const edited = await edit(claim['claimId'], 2, {
        name: 'Wave 2',
        contacts: { partner: { name: 'Kim', email: 'kim@evergreen.example' } },
      });
      expect(edited.status, edited.text).to.equal(200);
      expect(edited.headers.get('etag')).to.equal('"3"');
      expect(edited.body['name']).to.equal('Wave 2');
      expect(edited.body['contacts']['partner']).to.deep.equal({ name: 'Kim', email: 'kim@evergreen.example' });
      expect(edited.body['contacts']['customer']).to.deep.equal(claim['contacts']['customer']);
    });

    it('that changes nothing makes no new version', async () => {
      const claim = await draft();
      const { customer, partner: own } = claim['contacts'] as Json;
      const edited = await edit(claim['claimId'], 2, { name: claim['name'], contacts: { customer, partner: own } });
      expect([edited.status, edited.headers.get('etag')]).to.deep.equal([200, '"2"']);
    });

    it('keeps the numbers of lines and gives new ones the next', async () => {
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

    it('needs the version it is based on', async () => {
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

  it('discards a draft, which then takes no edits', async () => {
    const { claimId } = await draft();
    const discarded = await api.call('DELETE', `/v1/claims/${claimId}`, { token: partner });
    expect([discarded.status, discarded.body['phase']]).to.deep.equal([200, 'canceled']);
    expect(discarded.body['allowedActions']).to.deep.equal(['addComment']);
    expect(codeOf(await edit(claimId, 3, { name: 'x' }))).to.deep.equal([409, 'not_editable_in_state']);
  });

  describe('The list', () => {
    it('pages through everything once, the newest first', async () => {
      const reference = randomUUID();
      const made: string[] = [];
      for (let index = 0; index < 5; index++) made.push((await draft({ externalReference: reference }))['claimId'] as string);
      const seen: string[] = [];
      for (let next: string | null = ''; next !== null; ) {
        const cursor: string = next === '' ? '' : `&cursor=${next}`;
        const { status, body }: Reply = await api.call('GET', `/v1/claims?externalReference=${reference}&limit=2${cursor}`, {
          token: partner,
        });
        expect(status).to.equal(200);
        seen.push(...(body['items'] as Json[]).map(({ claimId }) => claimId as string));
        next = body['next'] as string | null;
      }
      expect(seen).to.deep.equal(made.reverse());
    });

    it('refuses a cursor that is not its own, and filters it does not know', async () => {
      expect(codeOf(await api.call('GET', '/v1/claims?cursor=abc', { token: partner }))).to.deep.equal([422, 'invalid_request']);
      expect(codeOf(await api.call('GET', '/v1/claims?colour=red', { token: partner }))).to.deep.equal([422, 'invalid_request']);
      expect(codeOf(await api.call('GET', '/v1/claims?limit=101', { token: partner }))).to.deep.equal([422, 'invalid_request']);
    });

    it('filters by phase and by change', async () => {
      const { claimId, updatedAt } = await draft();
      const before = new Date(Date.parse(updatedAt as string) - 1).toISOString();
      const since = await api.call('GET', `/v1/claims?phase=draft&updatedAfter=${before}`, { token: reviewer });
      expect((since.body['items'] as Json[]).map((item) => item['claimId'])).to.include(claimId);
      const later = await api.call('GET', `/v1/claims?updatedAfter=${updatedAt}`, { token: reviewer });
      expect((later.body['items'] as Json[]).map((item) => item['claimId'])).not.to.include(claimId);
    });
  });

  describe('A history', () => {
    it('shows comments, but internal ones to the vendor only', async () => {
      const { claimId } = await draft();
      await api.call('POST', `/v1/claims/${claimId}/comments`, { token: partner, body: { text: 'From the partner.' } });
      await api.call('POST', `/v1/claims/${claimId}/comments`, { token: reviewer, body: { text: 'Between us.', visibility: 'internal' } });
      const comments = async (token: string) =>
        ((await api.call('GET', `/v1/claims/${claimId}/history`, { token })).body['items'] as Json[]).flatMap(
          ({ comment }) => comment ?? [],
        );
      expect(await comments(partner)).to.deep.equal(['From the partner.']);
      expect(await comments(reviewer)).to.deep.equal(['From the partner.', 'Between us.']);
      const own = await api.call('POST', `/v1/claims/${claimId}/comments`, { token: partner, body: { text: 'x', visibility: 'internal' } });
      expect(codeOf(own)).to.deep.equal([403, 'forbidden']);
    });

    it('tells in either language what happened, and no references to people', async () => {
      const { claimId } = await draft();
      const { body } = await api.call('GET', `/v1/claims/${claimId}/history?language=ru`, { token: partner });
      const [first] = body['items'] as Json[];
      expect(first).to.include({ version: 1, type: 'ClaimDrafted' });
      expect(first!['title']).to.match(/[а-я]/);
      expect(JSON.stringify(body)).not.to.match(/personId|emailDomain/);
    });
  });

  describe('Evidence', () => {
    const upload = (claimId: string, content: Uint8Array, fields: Json = {}, name = 'statement.pdf') => {
      const form = new FormData();
      for (const [field, value] of Object.entries(fields)) form.set(field, value as string);
      form.set('file', new Blob([new Uint8Array(content)]), name);
      return api.call('POST', `/v1/claims/${claimId}/evidence`, { token: partner, body: form });
    };

    it('is stored, listed and served as an attachment only', async () => {
      const { claimId } = await draft({ evidence: [] });
      const content = somePdf();
      const added = await upload(claimId, content, { signedOn: '2026-03-04', coverTenantId: northwind.tenantId }, 'Договор № 1.pdf');
      expect(added.status, added.text).to.equal(201);
      expect(added.body).to.include({
        fileName: 'Договор № 1.pdf',
        mediaType: 'application/pdf',
        signedOn: '2026-03-04',
        sizeBytes: content.length,
      });
      const { body } = await api.call('GET', `/v1/claims/${claimId}/evidence`, { token: partner });
      expect(body['items']).to.deep.equal([added.body]);
      const file = await api.call('GET', added.headers.get('location')!, { token: partner });
      expect([file.status, file.text]).to.deep.equal([200, content.toString()]);
      expect(file.headers.get('content-disposition')).to.match(/^attachment; filename=/);
      expect(file.headers.get('x-content-type-options')).to.equal('nosniff');
      expect(file.headers.get('content-security-policy')).to.equal('sandbox');
    });

    it('is judged by its content within a body too, at its place there', async () => {
      const contentBase64 = Buffer.from('<svg/>').toString('base64');
      const evidence = [
        { fileName: 'a.pdf', contentBase64: somePdf().toString('base64') },
        { fileName: 'b.pdf', contentBase64 },
      ];
      const refused = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ evidence }) });
      expect(codeOf(refused)).to.deep.equal([415, 'evidence_type']);
      expect((refused.body['errors'] as Json[]).map(({ pointer }) => pointer as string)).to.deep.equal(['/evidence/1/contentBase64']);
    });

    it('waits outside memory while many large files come at once, and then is asked for again', async () => {
      const { claimId } = await draft({ evidence: [] });
      const budget = api.app.get<ByteBudget>(UPLOAD_BUDGET);
      const release = await budget.hold(2 * 20 * 1024 * 1024);
      const uploads = [upload(claimId, somePdf()), upload(claimId, somePdf())];
      await waitFor('both files to be there', () => budget.queued === 2);
      release();
      expect((await Promise.all(uploads)).map(({ status }) => status)).to.deep.equal([201, 201]);
    });

    it('is refused again under the same key, with the word that another try needs a new one', async () => {
      const { claimId } = await draft({ evidence: [] });
      const supersedes = randomUUID();
      const content = new Uint8Array(somePdf());
      const again = (key: string) => {
        const form = new FormData();
        form.set('supersedes', supersedes);
        form.set('file', new Blob([content]), 'a.pdf');
        return api.call('POST', `/v1/claims/${claimId}/evidence`, { token: partner, body: form, key });
      };
      const [first, second] = [await again('again-1'), await again('again-1')];
      expect(codeOf(second)).to.deep.equal(codeOf(first));
      expect([first, second].map(({ headers }) => headers.get('idempotent-replayed'))).to.deep.equal([null, 'true']);
      expect(first.body['remedy']).not.to.contain('new Idempotency-Key');
      expect(second.body['remedy']).to.equal(
        `${first.body['remedy']} This is the stored answer to an earlier request under this key. To try again, send it with a new Idempotency-Key.`,
      );
    });

    it('is judged by its content', async () => {
      const { claimId } = await draft({ evidence: [] });
      expect(codeOf(await upload(claimId, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')))).to.deep.equal([415, 'evidence_type']);
      expect(codeOf(await upload(claimId, Buffer.alloc(21 * 1024 * 1024)))).to.deep.equal([413, 'evidence_too_large']);
      const json = await api.call('POST', `/v1/claims/${claimId}/evidence`, { token: partner, body: {} });
      expect(codeOf(json)).to.deep.equal([415, 'unsupported_media_type']);
      expect(codeOf(await upload(claimId, somePdf(), { signedOn: 'yesterday' }))).to.deep.equal([422, 'invalid_request']);
    });
  });

  describe('While the directory is silent', () => {
    let lock: Client;

    before(async () => {
      lock = new Client({ connectionString: database.superuserUrl });
      await lock.connect();
      await lock.query('BEGIN; LOCK TABLE directory_tenants IN ACCESS EXCLUSIVE MODE');
    });
    after(() => lock.end());

    it('saves a draft without its checks', async () => {
      const made = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ tenantId: randomUUID() }) });
      expect([made.status, made.body['phase']], made.text).to.deep.equal([201, 'draft']);
    });

    it('accepts a claim that is submitted at once, for its workflow to ask again', async () => {
      const sent = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ submit: true }), headers: async });
      expect(sent.status, sent.text).to.equal(202);
    });
  });

  it('takes the same key of two callers for two requests', async () => {
    const key = randomUUID();
    const body = completeClaim();
    const colleague = await api.token('claim_admin', { subject: 'a-colleague' });
    const [own, other] = [
      await api.call('POST', '/v1/claims', { token: partner, key, body }),
      await api.call('POST', '/v1/claims', { token: colleague, key, body }),
    ];
    expect([own.status, other.status]).to.deep.equal([201, 201]);
    expect(own.body['claimId']).not.to.equal(other.body['claimId']);
    const again = await api.call('POST', '/v1/claims', { token: partner, key, body });
    expect([again.status, again.body['claimId']]).to.deep.equal([201, own.body['claimId']]);
    expect(codeOf(await api.call('POST', '/v1/claims', { token: partner, key, body: completeClaim() }))).to.deep.equal([
      422,
      'idempotency_conflict',
    ]);
  });

  it('tells the sender of a claim alone that it is on its way, until it can be read', async () => {
    const sent = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ submit: true }), headers: async });
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

  it('knows a programme that was published a moment ago, for every caller at once', async () => {
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

  describe('A claim of a target that the own company holds', () => {
    const body = completeClaim({ submit: true, lines: [{ product: 'sharepoint', activities: ['usage'] }] });
    const send = (key: string) => api.call('POST', '/v1/claims', { token: partner, body, key, headers: async });
    const becomeHolder = async (claimId: string) => {
      await database.source.query(
        `INSERT INTO associations (association_id, claim_id, line, target, partner_account_id, partner_id, tenant_id, activities, official_at)
         SELECT gen_random_uuid(), $1, 1, 'workload:' || $2 || ':' || $3, $4, $5, $2, ARRAY['usage'], cpor_now()`,
        [claimId, body.tenantId, body.lines[0]!.product, evergreen.accountId, evergreen.partnerId],
      );
    };
    after(() => database.source.query('UPDATE associations SET ended_at = cpor_now()'));

    it('is refused at once, but a repeat of what was accepted before is not', async () => {
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

  describe('A submission', () => {
    it('is accepted, and its operation is its sender’s to look up', async () => {
      const { claimId } = await draft();
      const sent = await api.call('POST', `/v1/claims/${claimId}/submissions`, { token: partner, body: {}, headers: async });
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

    it('in one call with the draft stores one command after the other', async () => {
      const key = randomUUID();
      const body = completeClaim({ submit: true, lines: [{ product: 'intune', activities: ['usage'] }] });
      const sent = await api.call('POST', '/v1/claims', { token: partner, body, key, headers: async });
      expect(sent.status, sent.text).to.equal(202);
      const again = await api.call('POST', '/v1/claims', { token: partner, body, key, headers: async });
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

    it('that Temporal does not take is accepted within seconds, and the next at once', async function () {
      this.timeout(30_000);
      const first = await draft();
      const slow = await api.call('POST', `/v1/claims/${first['claimId']}/submissions`, { token: partner, body: {} });
      expect(slow.status).to.equal(202);
      const second = await draft();
      const startedAt = performance.now();
      const fast = await api.call('POST', `/v1/claims/${second['claimId']}/submissions`, { token: partner, body: {} });
      expect(fast.status).to.equal(202);
      expect(performance.now() - startedAt).to.be.below(1_000);
    });
  });

  it('says in readyz what is missing', async () => {
    const { status, body } = await api.call('GET', '/readyz');
    expect(status).to.equal(503);
    expect(body['checks']['database']).to.deep.equal({ ok: true, code: null });
    expect(body['checks']['migrations']).to.deep.equal({ ok: true, code: null });
    expect(body['checks']['temporal']).to.deep.equal({ ok: false, code: 'temporal_unreachable' });
  });

  it('lists only its own company to a partner', async () => {
    const token = await api.token('claim_admin', { partner: ironbridge.accountId });
    const { body } = await api.call('GET', '/v1/claims', { token });
    expect(body).to.include({ next: null });
    expect(body['items']).to.deep.equal([]);
  });
});
