import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { completeClaim } from '../../support/api.js';
import { evergreen, evergreenAustin, ironbridge } from '../../support/sample-directory.js';
import { columns, csvRow, Importer } from './importer.js';

describe('A claim import', () => {
  let importer: Importer;

  before(async function () {
    this.timeout(60_000);
    importer = await Importer.start();
  });
  after(() => importer?.close());

  it('accepts JSON lines and lists the faults of single rows', async () => {
    const reply = await importer.ndjson([
      completeClaim(),
      '',
      '{"name": ',
      '[1, 2]',
      { ...completeClaim(), colour: 'red' },
      { ...completeClaim(), lines: [{ product: 7 }] },
    ]);
    const [repeatedKey] = await importer.rowsOf(await importer.ndjson(['{"name":"A","name":"B"}']));
    expect(repeatedKey!['findings'][0]).to.deep.include({
      code: 'import_row_malformed',
      message: 'The key "name" is repeated within one object, at character 13',
    });
    expect(reply.status, reply.text).to.equal(202);
    expect(reply.headers.get('location')).to.equal(`/v1/claims/imports/${reply.body['importId']}`);
    expect(reply.body).to.deep.include({ state: 'running', submit: false, endedAt: null });
    expect(reply.body['rows']).to.deep.equal({ total: 5, waiting: 1, accepted: 0, submitted: 0, drafted: 0, refused: 4, cancelled: 0 });
    expect((await importer.get(reply.headers.get('location')!)).body).to.deep.equal(reply.body);
    const rows = await importer.rowsOf(reply);
    expect(rows.map(({ row, outcome }) => `${row} ${outcome}`)).to.deep.equal([
      '1 waiting',
      '2 refused',
      '3 refused',
      '4 refused',
      '5 refused',
    ]);
    expect(rows[1]!['findings']).to.deep.equal([
      {
        code: 'import_row_malformed',
        severity: 'error',
        field: null,
        column: null,
        pointer: null,
        line: null,
        message: 'Must be valid JSON',
      },
    ]);
    expect(rows[2]!['findings'][0]).to.deep.include({ code: 'import_row_malformed', message: 'Must be a JSON object' });
    expect(rows[3]!['findings'][0]).to.deep.include({ code: 'unknown_field', field: 'colour' });
    expect(rows[4]!['findings'][0]).to.deep.include({ code: 'invalid_type', field: 'product' });
    const refused = await importer.get(`${reply.headers.get('location')}/rows?outcome=refused&limit=2`);
    expect(refused.body['items'].map(({ row }: { row: number }) => row)).to.deep.equal([2, 3]);
    const remaining = await importer.get(`${reply.headers.get('location')}/rows?outcome=refused&limit=2&cursor=${refused.body['next']}`);
    expect(remaining.body['items'].map(({ row }: { row: number }) => row)).to.deep.equal([4, 5]);
    expect(remaining.body['next']).to.equal(null);
  });

  it('stores nothing of a refused row, not even a field name that is an email address', async () => {
    const reply = await importer.ndjson([{ ...completeClaim(), 'ann.lee@contoso.example': 'CIO' }]);
    const [row] = await importer.rowsOf(reply);
    expect(row!['findings']).to.deep.equal([
      { code: 'unknown_field', severity: 'error', field: null, column: null, pointer: null, line: null, message: 'Unknown field' },
    ]);
    const [stored] = await importer.database.source.query<[{ text: string }]>(
      'SELECT r::text AS text FROM claim_import_rows r WHERE import_id = $1',
      [reply.body['importId']],
    );
    expect(stored.text).to.not.include('@');
  });

  it('stores nothing if the body cannot be divided into rows', async () => {
    const before = await importer.storedImports();
    const open = await importer.csv([columns, csvRow(), '"no end']);
    expect(open.body).to.deep.include({ code: 'import_unreadable', status: 422, detail: 'Row 2 is cut off.' });
    const latin = await importer.send('application/x-ndjson', Buffer.from([0x7b, 0xe9, 0x7d]));
    expect(latin.body).to.deep.include({ code: 'import_unreadable', detail: 'The body is not UTF-8.' });
    expect((await importer.ndjson(['', '  '])).body).to.deep.include({ code: 'import_empty' });
    expect((await importer.csv([columns])).body).to.deep.include({ code: 'import_empty' });
    const long = await importer.send('application/x-ndjson', `{"name":"${'x'.repeat(3 * 1024 * 1024)}"}`);
    expect(long.body).to.deep.include({ code: 'import_unreadable' });
    expect(await importer.storedImports()).to.equal(before);
  });

  it('accepts up to 5,000 rows', async function () {
    this.timeout(60_000);
    const rows = Array.from({ length: 5_000 }, (_, index) => `{"name":"${index}"}`);
    const before = await importer.storedImports();
    const tooMany = await importer.ndjson([...rows, '{}']);
    expect(tooMany.body).to.deep.include({ status: 413, code: 'import_too_large' });
    expect(await importer.storedImports()).to.equal(before);
    const [leftover] = await importer.database.source.query(
      'SELECT count(*)::int AS rows FROM claim_import_rows WHERE import_id NOT IN (SELECT import_id FROM claim_imports)',
    );
    expect(leftover).to.deep.equal({ rows: 0 });
    const taken = await importer.ndjson(rows);
    expect(taken.status, taken.text.slice(0, 200)).to.equal(202);
    expect(taken.body['rows']).to.deep.include({ total: 5_000, waiting: 5_000 });
  });

  it('is stored once per idempotency key, which cannot be reused for another body', async () => {
    const key = randomUUID();
    const row = JSON.stringify(completeClaim());
    const first = await importer.ndjson([row], { key });
    const before = await importer.storedImports();
    const again = await importer.ndjson([row], { key });
    expect(again.status).to.equal(202);
    expect(again.headers.get('location')).to.equal(first.headers.get('location'));
    const different = await importer.ndjson([row, row], { key });
    expect(different.body).to.deep.include({ code: 'idempotency_conflict' });
    expect((await importer.ndjson([row], { key, query: '?submit=true' })).body).to.deep.include({ code: 'idempotency_conflict' });
    expect(await importer.storedImports()).to.equal(before);
  });

  it('refuses rows for locations outside the token', async () => {
    const token = await importer.api.token('claim_user', { locations: [evergreen.partnerId] });
    const reply = await importer.ndjson([completeClaim(), completeClaim({ partnerId: evergreenAustin.partnerId })], { token });
    const { body } = await importer.get(`${reply.headers.get('location')}/rows`, token);
    expect(body['items'].map(({ outcome }: Record<string, string>) => outcome)).to.deep.equal(['waiting', 'refused']);
    expect(body['items'][1].findings[0]).to.deep.include({ code: 'not_own_location', field: 'partnerId' });
  });

  it('is visible only to its sender and to users of the company with all locations', async () => {
    const reply = await importer.ndjson([completeClaim()]);
    const location = reply.headers.get('location')!;
    const stranger = await importer.api.token('claim_admin', { partner: ironbridge.accountId });
    const colleague = await importer.api.token('claim_user', { locations: [evergreen.partnerId], subject: 'someone-else' });
    const administrator = await importer.api.token('claim_admin', { subject: 'an-administrator' });
    for (const path of [location, `${location}/rows`, `${location}/rows.csv`]) {
      expect((await importer.get(path, stranger)).status).to.equal(404);
      expect((await importer.get(path, colleague)).status).to.equal(404);
      expect((await importer.get(path, administrator)).status).to.equal(200);
    }
    for (const act of ['pause', 'resume', 'cancel']) {
      expect((await importer.api.call('POST', `${location}/${act}`, { token: stranger })).status).to.equal(404);
    }
    expect((await importer.get(location, await importer.api.token('reviewer'))).status).to.equal(403);
  });

  it('can be paused, resumed and cancelled, which erases the content of its rows', async () => {
    const reply = await importer.ndjson([completeClaim(), completeClaim()]);
    const location = reply.headers.get('location')!;
    const act = async (name: string) => importer.api.call('POST', `${location}/${name}`, { token: importer.partner });
    expect((await act('pause')).body).to.deep.include({ state: 'paused' });
    expect((await act('pause')).body).to.deep.include({ state: 'paused' });
    expect((await act('resume')).body).to.deep.include({ state: 'running' });
    const cancelled = await act('cancel');
    expect(cancelled.body).to.deep.include({ state: 'cancelled' });
    expect(cancelled.body['endedAt']).to.be.a('string');
    expect(cancelled.body['rows']).to.deep.include({ cancelled: 2, waiting: 0 });
    expect((await act('cancel')).status).to.equal(200);
    expect((await act('resume')).body).to.deep.include({ status: 409, code: 'import_ended' });
    const contents = await importer.database.source.query('SELECT content FROM claim_import_rows WHERE import_id = $1', [
      reply.body['importId'],
    ]);
    expect(contents).to.deep.equal([{ content: null }, { content: null }]);
  });

  it('accepts only its own media types, which other endpoints refuse', async () => {
    expect((await importer.send('application/json', '{}')).body).to.deep.include({ status: 415, code: 'unsupported_media_type' });
    const elsewhere = await fetch(`${importer.api.url}/v1/claims`, {
      method: 'POST',
      headers: { authorization: `Bearer ${importer.partner}`, 'content-type': 'text/csv', 'idempotency-key': randomUUID() },
      body: columns,
    });
    expect(elsewhere.status).to.equal(415);
  });
});
