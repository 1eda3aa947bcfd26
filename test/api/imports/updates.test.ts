import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Reply } from '../../support/api.js';
import { evergreen, evergreenAustin, ironbridge } from '../../support/sample-directory.js';
import { Importer } from './importer.js';

describe('A bulk update', () => {
  let updates: Importer;
  const claimId = randomUUID();

  before(async function () {
    this.timeout(60_000);
    updates = await Importer.start('/v1/claims/updates');
  });
  after(() => updates?.close());

  /** Returns outcome and findings of each row, as `code column: message`. */
  async function outcomes(reply: Reply): Promise<string[]> {
    expect(reply.status, reply.text).to.equal(202);
    const rows = await updates.rowsOf(reply);
    return rows.flatMap(({ outcome, findings }) =>
      findings.length === 0
        ? [outcome]
        : findings.map(({ code, column, message }: Record<string, string>) => `${code} ${column}: ${message}`),
    );
  }
  const contentOf = async (reply: Reply) => {
    const [row] = await updates.database.source.query('SELECT content FROM claim_import_rows WHERE import_id = $1 AND row = 1', [
      reply.body['updateId'],
    ]);
    return row.content;
  };

  it('is accepted as JSON lines and as CSV', async () => {
    const json = await updates.ndjson([{ claimId, tags: ['q4'], contacts: { customer: { email: 'ann@contoso.example' } } }]);
    expect(json.status, json.text).to.equal(202);
    expect(json.headers.get('location')).to.equal(`/v1/claims/updates/${json.body['updateId']}`);
    const rows = { total: 1, waiting: 1, changed: 0, unchanged: 0, refused: 0, cancelled: 0 };
    expect(json.body).to.deep.include({ state: 'running', dryRun: false, endedAt: null, rows });
    expect((await updates.get(json.headers.get('location')!)).body).to.deep.equal(json.body);
    const csv = await updates.csv(['claimId,tags,customerEmail,version,action', `${claimId},q4,ann@contoso.example,3,Submit`]);
    expect(await outcomes(csv)).to.deep.equal(['waiting']);
    expect(await contentOf(csv)).to.deep.equal({
      claim: { claimId },
      version: 3,
      changes: { tags: ['q4'], contacts: { customer: { email: 'ann@contoso.example' } } },
      action: 'submit',
      cells: { claimId, tags: 'q4', version: '3' },
      unreadable: {},
    });
  });

  const files: [string, string | Buffer][] = [
    ['in UTF-16 with semicolons', Buffer.from(`\uFEFFclaimId;name;tags\r\n${claimId};Größe;"a;b"\r\n\r\n`, 'utf16le')],
    ['in UTF-16 with tabs', Buffer.from(`\uFEFFClaim ID\tNAME\ttags\r\n${claimId}\tGröße\ta;b\r\n`, 'utf16le')],
    ['in UTF-8 with a byte order mark and sep=;', `\uFEFFsep=;\r\nclaimId;name;tags\r\n{${claimId}};Größe;"a;b"\r\n;;\r\n`],
    ['with other columns of an export', `claimId,phase,customer,name,tags,updatedAt\n${claimId},,,Größe,a;b,\n`],
  ];
  for (const [what, file] of files) {
    it(`is read from a file ${what}`, async () => {
      const reply = await updates.send('text/csv', file);
      expect(await outcomes(reply)).to.deep.equal(['waiting']);
      expect((await contentOf(reply)).changes).to.deep.equal({ name: 'Größe', tags: ['a', 'b'] });
    });
  }

  it('leaves empty cells alone, and clears a field by a marker where it can be empty', async () => {
    const header = 'claimId,name,domain,customerTitle,tags,externalReference,transactionOn';
    const reply = await updates.csv([header, `${claimId},,<clear>,<clear>,<clear>,<clear>,<clear>`]);
    expect((await contentOf(reply)).changes).to.deep.equal({
      domain: null,
      contacts: { customer: { title: '' } },
      tags: [],
      externalReference: null,
      transactionOn: null,
    });
    const json = await updates.ndjson([{ claimId, externalReference: null, contacts: { technical: null } }]);
    expect((await contentOf(json)).changes).to.deep.equal({ externalReference: null, contacts: { technical: null } });
    // The cell of an exported column counts only beside the claim.
    const required = await updates.csv(['claimId,programme,name', `${claimId},<clear>,`, `${claimId},,<clear>`]);
    expect(await outcomes(required)).to.deep.equal(['import_cell_unreadable programme: This field cannot be cleared.', 'waiting']);
  });

  it('names row and column of what cannot be read', async () => {
    const reply = await updates.csv([
      'claimId,version,customerEmail,transactionOn,acknowledgementVersion',
      `1.24E+06,,,,`,
      `"1,24E+06",,,,`,
      `${claimId},"1,0E+01",,,`,
      `${claimId},,#REF!,03/04/2026,one`,
    ]);
    expect((await outcomes(reply)).map((text) => text.split(':')[0])).to.deep.equal([
      'import_cell_unreadable claimId',
      'import_cell_unreadable claimId',
      'import_cell_unreadable version',
      'import_cell_unreadable customerEmail',
      'import_cell_unreadable transactionOn',
      'import_cell_unreadable acknowledgementVersion',
    ]);
  });

  it('tells the columns of a file: each is read, and what it says of each is so', async () => {
    const { body } = await updates.get('/v1/claims/updates/columns');
    const described = body['columns'] as { name: string; pointer: string | null; isClearable: boolean; values: string[] | null }[];
    const names = described.map(({ name }) => name);
    const exported = await updates.get('/v1/claims/export?format=csv');
    expect(names).to.include.members(exported.text.replace('\uFEFF', '').trim().split(','));
    expect(body['namedBy']).to.deep.equal(['claimId', 'number', 'externalReference']);
    expect(described.find(({ name }) => name === 'action')?.values).to.deep.equal(['submit', 'withdraw', 'disassociate']);
    expect(described.find(({ name }) => name === 'phase')?.pointer).to.equal(null);

    const whole = await updates.csv([names.join(), names.map((name) => (name === 'claimId' ? claimId : '')).join()]);
    expect(await outcomes(whole)).to.deep.equal(['waiting']);
    const marked = described.filter(({ pointer, name }) => pointer !== null && !['claimId', 'number', 'version'].includes(name));
    for (const { name, isClearable } of marked) {
      const reply = await updates.csv([`claimId,${name}`, `${claimId},${body['clearMarker']}`]);
      const said = [...(await outcomes(reply)), JSON.stringify((await contentOf(reply))?.unreadable ?? {})].join();
      expect(said.includes('cannot be cleared'), name).to.equal(!isClearable);
    }
  });

  it('needs a name of the claim in each row, and a reason only with an action', async () => {
    const reply = await updates.ndjson([
      { tags: [] },
      { externalReference: '' },
      { externalReference: 'CRM-1' },
      { number: ' clm-000012 ' },
      { number: '12' },
      { claimId: 'CLM-000012' },
      { claimId, reason: 'because' },
      { claimId, action: 'approve' },
      { claimId, action: 'withdraw', reason: 'Postponed' },
      { claimId, colour: 'red' },
    ]);
    expect((await outcomes(reply)).map((text) => text.split(':')[0])).to.deep.equal([
      'required claimId',
      'required claimId',
      'waiting',
      'waiting',
      'invalid_format number',
      'invalid_format claimId',
      'reason_without_action reason',
      'invalid_value action',
      'waiting',
      'unknown_field null',
    ]);
  });

  it('reports a damaged reference that would have named the claim', async () => {
    const reply = await updates.csv(['externalReference,tags', '"4,71E+09",a', '<clear>,a']);
    expect((await outcomes(reply)).map((text) => text.split(':')[0])).to.deep.equal([
      'import_cell_unreadable externalReference',
      'required claimId',
    ]);
  });

  it('takes a reference as the name of a claim only without id and number', async () => {
    expect(await contentOf(await updates.ndjson([{ externalReference: 'CRM-1', tags: ['a'] }]))).to.deep.include({
      claim: { externalReference: 'CRM-1' },
      changes: { tags: ['a'] },
    });
    expect(await contentOf(await updates.ndjson([{ number: 'CLM-000012', externalReference: 'CRM-1' }]))).to.deep.include({
      claim: { number: 'CLM-000012' },
      changes: { externalReference: 'CRM-1' },
    });
  });

  it('refuses an action that the sender may not take, and a location outside the token', async () => {
    const user = await updates.api.token('claim_user', { locations: [evergreen.partnerId] });
    const reply = await updates.ndjson(
      [
        { claimId, action: 'disassociate', reason: 'Over' },
        { claimId, partnerId: evergreenAustin.partnerId },
        { claimId, action: 'submit' },
      ],
      { token: user },
    );
    const { body } = await updates.get(`${reply.headers.get('location')}/rows`, user);
    const codes = body['items'].map(({ findings }: { findings: { code: string; column: string }[] }) =>
      findings.map((each) => [each.code, each.column]),
    );
    expect(codes).to.deep.equal([[['forbidden', 'action']], [['not_own_location', 'partnerId']], []]);
    expect((await updates.ndjson([{ claimId }], { token: await updates.api.token('reviewer') })).body).to.include({ code: 'forbidden' });
  });

  it('stores nothing if the header has unknown columns or none that names a claim', async () => {
    const before = await updates.storedImports();
    const reply = await updates.csv(['name,colour,subscriptionIds', 'a,b,c']);
    expect(reply.body).to.deep.include({ status: 422, code: 'import_header' });
    expect(reply.body['errors'].map(({ field, message }: Record<string, string>) => `${field}: ${message}`)).to.deep.equal([
      'colour: Unknown column',
      'subscriptionIds: Unknown column',
      'claimId: A column that names the claim is required: claimId, number or externalReference',
    ]);
    expect((await updates.csv(['claimId'])).body).to.include({ code: 'import_empty' });
    expect((await updates.ndjson(Array.from({ length: 5_001 }, () => ({ claimId })))).body).to.include({ code: 'import_too_large' });
    expect(await updates.storedImports()).to.equal(before);
  });

  it('is stored once per idempotency key, and a dry run is another request', async () => {
    const key = randomUUID();
    const first = await updates.ndjson([{ claimId }], { key });
    const again = await updates.ndjson([{ claimId }], { key });
    expect(again.body).to.deep.equal(first.body);
    expect((await updates.ndjson([{ claimId }], { key, query: '?dryRun=true' })).body).to.include({ code: 'idempotency_conflict' });
    expect((await updates.ndjson([{ claimId }], { query: '?dryRun=true' })).body).to.include({ dryRun: true });
    expect((await updates.ndjson([{ claimId }], { query: '?dryRun=perhaps' })).body).to.include({ code: 'invalid_request' });
  });

  it('is no import, and visible to its sender and to the company only', async () => {
    const clerk = await updates.api.token('claim_user', { locations: [evergreen.partnerId], subject: 'clerk' });
    const rival = await updates.api.token('claim_admin', { partner: ironbridge.accountId });
    const sent = await updates.ndjson([{ claimId }], { token: clerk });
    const id = sent.body['updateId'] as string;
    const status = async (path: string, token: string) => (await updates.get(path, token)).status;
    expect(await status(`/v1/claims/updates/${id}`, updates.partner)).to.equal(200);
    expect(await status(`/v1/claims/updates/${id}`, rival)).to.equal(404);
    expect(await status(`/v1/claims/updates/${id}/rows`, rival)).to.equal(404);
    expect(await status(`/v1/claims/imports/${id}`, updates.partner)).to.equal(404);
    const listed = async (path: string, token: string) =>
      (await updates.get(path, token)).body['items'].map((item: Record<string, string>) => item['updateId'] ?? item['importId']);
    expect(await listed('/v1/claims/updates', clerk)).to.deep.equal([id]);
    expect(await listed('/v1/claims/updates?limit=1', updates.partner)).to.deep.equal([id]);
    expect(await listed('/v1/claims/imports', updates.partner)).to.deep.equal([]);
  });

  it('can be paused, resumed and cancelled, and then has no content', async () => {
    const sent = await updates.ndjson([{ claimId, name: 'Never' }]);
    const path = sent.headers.get('location')!;
    const move = async (to: string) => (await updates.api.call('POST', `${path}/${to}`, { token: updates.partner })).body;
    expect(await move('pause')).to.include({ state: 'paused' });
    expect(await move('resume')).to.include({ state: 'running' });
    expect(await move('cancel')).to.include({ state: 'cancelled' });
    expect(await move('resume')).to.include({ status: 409, code: 'import_ended' });
    expect(await contentOf(sent)).to.equal(null);
    expect((await updates.rowsOf(sent))[0]).to.deep.include({ outcome: 'cancelled', name: 'Never', claimId: null });
  });

  it('downloads its rows as CSV, with what people recognise them by', async () => {
    const sent = await updates.ndjson([{ claimId, name: '=Teams', externalReference: 'CRM-1', version: 0 }, { claimId }]);
    const { text, headers } = await updates.get(`${sent.headers.get('location')}/rows.csv`);
    expect(headers.get('content-disposition')).to.include(`update-${sent.body['updateId']}.csv`);
    expect(text.split('\n').slice(0, 3)).to.deep.equal([
      'row,outcome,claimId,number,name,externalReference,version,action,changes,code,field,column,line,message',
      "1,refused,,,'=Teams,CRM-1,,,,too_small,version,version,,Too small: expected number to be >=1",
      '2,waiting,,,,,,,,,,,,',
    ]);
  });
});
