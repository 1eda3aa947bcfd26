import { expect } from 'chai';
import { samplePolicy } from '#libs/programmes/index.js';
import { UPLOAD_BUDGET } from '../../../apps/api/src/evidence/upload.service.js';
import type { ByteBudget } from '../../../apps/api/src/http/byte-budget.js';
import { codeOf, completeClaim, draftClaim, type Json, somePdf, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { northwind } from '../../support/sample-directory.js';
import { waitFor } from '../../support/wait.js';

describe('Evidence over HTTP', () => {
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

  const upload = (claimId: string, content: Uint8Array, fields: Json = {}, name = 'statement.pdf') => {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.set(field, value as string);
    form.set('file', new Blob([new Uint8Array(content)]), name);
    return api.call('POST', `/v1/claims/${claimId}/evidence`, { token: partner, body: form });
  };

  it('is stored and listed, and is served only as an attachment', async () => {
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

  it('is also checked by its content inside a JSON body, and the error points to the file', async () => {
    const contentBase64 = Buffer.from('<svg/>').toString('base64');
    const evidence = [
      { fileName: 'a.pdf', contentBase64: somePdf().toString('base64') },
      { fileName: 'b.pdf', contentBase64 },
    ];
    const refused = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ evidence }) });
    expect(codeOf(refused)).to.deep.equal([415, 'evidence_type']);
    expect((refused.body['errors'] as Json[]).map(({ pointer }) => pointer as string)).to.deep.equal(['/evidence/1/contentBase64']);
  });

  it('waits on disk while large uploads fill the memory budget, and is then stored', async () => {
    const { claimId } = await draft({ evidence: [] });
    const budget = api.app.get<ByteBudget>(UPLOAD_BUDGET);
    const release = await budget.hold(2 * 20 * 1024 * 1024);
    const uploads = [upload(claimId, somePdf()), upload(claimId, somePdf())];
    await waitFor('both files to arrive', () => budget.queued === 2);
    release();
    expect((await Promise.all(uploads)).map(({ status }) => status)).to.deep.equal([201, 201]);
  });

  it('is checked by its content, size and form fields', async () => {
    const { claimId } = await draft({ evidence: [] });
    expect(codeOf(await upload(claimId, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')))).to.deep.equal([415, 'evidence_type']);
    expect(codeOf(await upload(claimId, Buffer.alloc(21 * 1024 * 1024)))).to.deep.equal([413, 'evidence_too_large']);
    const json = await api.call('POST', `/v1/claims/${claimId}/evidence`, { token: partner, body: {} });
    expect(codeOf(json)).to.deep.equal([415, 'unsupported_media_type']);
    expect(codeOf(await upload(claimId, somePdf(), { signedOn: 'yesterday' }))).to.deep.equal([422, 'invalid_request']);
  });

  it('is checked against the programme version in force by the product’s clock, not the machine’s', async () => {
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
});
