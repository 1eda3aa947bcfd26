import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { completeClaim, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { evergreen, evergreenAustin, ironbridge } from '../../support/sample-directory.js';

const columns = [
  'name,partnerId,tenantId,domain,area,products,activities,customerName,customerTitle,customerEmail,partnerName,partnerEmail',
  'acknowledgementVersion,evidenceFileName,evidenceBase64,evidenceSignedOn',
].join();

/** One row of a CSV, complete enough to be submitted. */
function csvRow(change: Partial<ReturnType<typeof completeClaim>> & { products?: string } = {}): string {
  const claim = completeClaim();
  const { contacts, evidence } = claim;
  const cells = [
    change.name ?? claim.name,
    change.partnerId ?? claim.partnerId,
    claim.tenantId,
    claim.domain,
    claim.area,
    change.products ?? 'teams',
    'usage',
    contacts.customer.name,
    contacts.customer.title,
    contacts.customer.email,
    contacts.partner.name,
    contacts.partner.email,
    '1',
    evidence[0]!.fileName,
    evidence[0]!.contentBase64,
    evidence[0]!.signedOn,
  ];
  return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join();
}

describe('an import of claims', () => {
  let database: TestDatabase;
  let api: TestApi;
  let partner: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    // Temporal is away: what is taken stays as it was stored.
    api = await startTestApi({ database });
    partner = await api.token('claim_admin');
  });

  after(async () => {
    await api?.close();
    await database?.close();
  });

  async function send(type: string, body: string | Buffer, more: { token?: string; key?: string; query?: string } = {}): Promise<Reply> {
    const response = await fetch(`${api.url}/v1/claims/imports${more.query ?? ''}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${more.token ?? partner}`,
        'content-type': type,
        'idempotency-key': more.key ?? randomUUID(),
      },
      body: body as string,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Record<string, any> };
  }

  const ndjson = (rows: unknown[], more?: Parameters<typeof send>[2]) =>
    send('application/x-ndjson', rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'), more);
  const csv = (rows: string[], more?: Parameters<typeof send>[2]) => send('text/csv; charset=utf-8', rows.join('\r\n'), more);
  const get = (path: string, token = partner) => api.call('GET', path, { token });

  async function rowsOf({ headers }: Reply): Promise<Record<string, any>[]> {
    return (await get(`${headers.get('location')}/rows`)).body['items'];
  }

  const stored = () => database.source.query('SELECT import_id FROM claim_imports');

  it('takes JSON lines, says where it is, and keeps what is wrong with single rows', async () => {
    const reply = await ndjson([
      completeClaim(),
      '',
      '{"name": ',
      '[1, 2]',
      { ...completeClaim(), colour: 'red' },
      { ...completeClaim(), lines: [{ product: 7 }] },
    ]);
    const [twice] = await rowsOf(await ndjson(['{"name":"A","name":"B"}']));
    expect(twice!['findings'][0]).to.deep.include({
      code: 'import_row_malformed',
      message: 'The key "name" is repeated within one object, at character 13',
    });
    expect(reply.status, reply.text).to.equal(202);
    expect(reply.headers.get('location')).to.equal(`/v1/claims/imports/${reply.body['importId']}`);
    expect(reply.body).to.deep.include({ state: 'running', submit: false, endedAt: null });
    expect(reply.body['rows']).to.deep.equal({ total: 5, waiting: 1, accepted: 0, submitted: 0, drafted: 0, refused: 4, cancelled: 0 });
    expect((await get(reply.headers.get('location')!)).body).to.deep.equal(reply.body);
    const rows = await rowsOf(reply);
    expect(rows.map(({ row, outcome }) => `${row} ${outcome}`)).to.deep.equal([
      '1 waiting',
      '2 refused',
      '3 refused',
      '4 refused',
      '5 refused',
    ]);
    expect(rows[1]!['findings']).to.deep.equal([
      { code: 'import_row_malformed', severity: 'error', field: null, pointer: null, line: null, message: 'Must be valid JSON' },
    ]);
    expect(rows[2]!['findings'][0]).to.deep.include({ code: 'import_row_malformed', message: 'Must be a JSON object' });
    expect(rows[3]!['findings'][0]).to.deep.include({ code: 'unknown_field', field: 'colour' });
    expect(rows[4]!['findings'][0]).to.deep.include({ code: 'invalid_type', field: 'product' });
    const refused = await get(`${reply.headers.get('location')}/rows?outcome=refused&limit=2`);
    expect(refused.body['items'].map(({ row }: { row: number }) => row)).to.deep.equal([2, 3]);
    const rest = await get(`${reply.headers.get('location')}/rows?outcome=refused&limit=2&cursor=${refused.body['next']}`);
    expect(rest.body['items'].map(({ row }: { row: number }) => row)).to.deep.equal([4, 5]);
    expect(rest.body['next']).to.equal(null);
  });

  it('keeps nothing of a refused row, not even a field that is named by an address', async () => {
    const reply = await ndjson([{ ...completeClaim(), 'ann.lee@contoso.example': 'CIO' }]);
    const [row] = await rowsOf(reply);
    expect(row!['findings']).to.deep.equal([
      { code: 'unknown_field', severity: 'error', field: null, pointer: null, line: null, message: 'Unknown field' },
    ]);
    const [stored] = await database.source.query<[{ text: string }]>(
      'SELECT r::text AS text FROM claim_import_rows r WHERE import_id = $1',
      [reply.body['importId']],
    );
    expect(stored.text).to.not.include('@');
  });

  it('takes CSV with quoted cells and a byte order mark, and names the column of a fault', async () => {
    const reply = await csv(
      [
        `\uFEFF${columns}`,
        csvRow({ name: 'Two lines,\nand "quotes"' }),
        csvRow().split(',').slice(1).join(),
        csvRow().replace('"1"', '"one"'),
        '',
      ],
      { query: '?submit=true' },
    );
    expect(reply.status, reply.text).to.equal(202);
    expect(reply.body).to.deep.include({ submit: true });
    const rows = await rowsOf(reply);
    expect(rows.map(({ outcome }) => outcome)).to.deep.equal(['waiting', 'refused', 'refused']);
    expect(rows[1]!['findings'][0]).to.deep.include({ code: 'import_row_malformed', message: 'Has 15 cells; the header has 16' });
    expect(rows[2]!['findings'][0]).to.deep.include({ code: 'import_cell_unreadable', field: 'acknowledgementVersion' });
    const [{ content }] = await database.source.query('SELECT content FROM claim_import_rows WHERE import_id = $1 AND row = 1', [
      reply.body['importId'],
    ]);
    const { evidence, ...claim } = completeClaim({ name: 'Two lines,\nand "quotes"', programme: 'sample' });
    const { evidence: sent, ...said } = content;
    expect(said).to.deep.equal({ ...claim, lines: [{ product: 'teams', subscriptionId: null, activities: ['usage'] }] });
    expect(sent[0]).to.deep.include({ fileName: 'statement.pdf', signedOn: evidence[0]!.signedOn });
  });

  /** The cells of a row as they are typed, with the delimiter of a country. */
  const typed = (delimiter: string, change: Record<string, string> = {}): string => {
    const [values = []]: string[][] = parse(csvRow());
    const cells = columns.split(',').map((column, index) => change[column] ?? values[index]!);
    return cells.map((cell) => (cell.includes(delimiter) ? `"${cell}"` : cell)).join(delimiter);
  };
  const header = (delimiter: string) => columns.replaceAll(',', delimiter);
  const outcomes = async (reply: Reply) => {
    expect(reply.status, reply.text).to.equal(202);
    const told = await rowsOf(reply);
    return told.map(({ outcome, findings }) => [outcome, ...findings.map(({ message }: { message: string }) => message)].join(': '));
  };

  const ownTenant = completeClaim().tenantId;
  const files: [string, string | Buffer][] = [
    ['with empty rows of commas', [header(','), ','.repeat(15), typed(','), ' ,'.repeat(15), '', ','.repeat(15)].join('\r\n')],
    ['with trailing empty columns', [`${header(',')},,`, `${typed(',')},,`, `${typed(',')},, `].join('\n')],
    ['with a column that has neither name nor cells', [`,${header(',')}`, `,${typed(',')}`].join('\n')],
    ['with semicolons', [header(';'), typed(';')].join('\r\n')],
    ['with sep=;', ['sep=;', header(';'), typed(';')].join('\r\n')],
    ['with a byte order mark and sep=;', ['\uFEFFsep=;', header(';'), typed(';')].join('\r\n')],
    ['with tabs', [header('\t'), typed('\t')].join('\r\n')],
    ['in UTF-16 with tabs, as Unicode text', Buffer.from(`\uFEFF${[header('\t'), typed('\t')].join('\r\n')}`, 'utf16le')],
    ['in big-endian UTF-16', Buffer.from(`\uFEFF${[header(','), typed(',')].join('\n')}`, 'utf16le').swap16()],
    ['in UTF-16 without a mark', Buffer.from([header(','), typed(',')].join('\n'), 'utf16le')],
    ['with headings in another case', [header(',').replace('partnerId', 'Partner ID').replace('area', 'AREA'), typed(',')].join('\n')],
    ['with identifiers marked as text', [header(','), typed(',', { partnerId: '="1240371"' })].join('\n')],
    [
      'with identifiers as they are pasted',
      [header(','), typed(',', { tenantId: `\u00a0{${ownTenant}}\u200b`, partnerId: "'1240371" })].join('\n'),
    ],
  ];
  for (const [what, file] of files) {
    it(`takes CSV as people have it: ${what}`, async () => {
      const reply = await send('text/csv', file);
      for (const outcome of await outcomes(reply)) expect(outcome).to.equal('waiting');
      const rows = await database.source.query('SELECT content FROM claim_import_rows WHERE import_id = $1', [reply.body['importId']]);
      expect(rows.length).to.equal(what.includes('trailing') ? 2 : 1);
      const { name, partnerId, tenantId, lines, acknowledgementVersion } = rows[0].content;
      expect({ name, partnerId, tenantId, lines, acknowledgementVersion }).to.deep.equal({
        name: completeClaim().name,
        partnerId: '1240371',
        tenantId: ownTenant,
        lines: [{ product: 'teams', subscriptionId: null, activities: ['usage'] }],
        acknowledgementVersion: 1,
      });
    });
  }

  const dates: [string, string][] = [
    ['29.11.2026', '2026-11-29'],
    ['1.2.2026', '2026-02-01'],
    ['11/29/2026', '2026-11-29'],
    ['29/11/2026', '2026-11-29'],
    ['29-11-2026', '2026-11-29'],
    ['2026/11/29', '2026-11-29'],
    ['04/04/2026', '2026-04-04'],
    ['2026-11-29 00:00:00', '2026-11-29'],
    [' 2026-11-29 ', '2026-11-29'],
  ];
  it('takes local dates that can be read in one way', async () => {
    const reply = await csv([header(','), ...dates.map(([evidenceSignedOn]) => typed(',', { evidenceSignedOn }))]);
    expect(await outcomes(reply)).to.deep.equal(dates.map(() => 'waiting'));
    const taken = await database.source.query(
      "SELECT content -> 'evidence' -> 0 ->> 'signedOn' AS date FROM claim_import_rows WHERE import_id = $1 ORDER BY row",
      [reply.body['importId']],
    );
    expect(taken.map(({ date }: { date: string }) => date)).to.deep.equal(dates.map(([, date]) => date));
  });

  const number = 'A spreadsheet has turned this number into';
  const unreadable: [string, string, string][] = [
    ['partnerId', '1.24037E+06', `${number} "1.24037E+06". Format the column as text and enter the value again.`],
    ['partnerId', '1,24037E+06', `${number} "1,24037E+06". Format the column as text and enter the value again.`],
    ['name', '#NAME?', 'The cell contains a spreadsheet error, "#NAME?". Correct it in the spreadsheet and export the file again.'],
    ['evidenceSignedOn', '03/04/2026', '"03/04/2026" could be 2026-04-03 or 2026-03-04. Write one of the two.'],
    ['evidenceSignedOn', '29.11.26', '"29.11.26" has a two-digit year. Write the date as YYYY-MM-DD.'],
    ['evidenceSignedOn', '46355', '"46355" is a spreadsheet day number. Format the column as a date, YYYY-MM-DD.'],
    ['evidenceSignedOn', '31.02.2026', '"31.02.2026" is not a valid date. Write it as YYYY-MM-DD.'],
    ['evidenceSignedOn', 'yesterday', '"yesterday" is not a date. Write it as YYYY-MM-DD.'],
    ['acknowledgementVersion', 'one', '"one" is not a whole number.'],
  ];
  for (const [column, cell, message] of unreadable) {
    it(`names the cell, what stands in it and the cause: ${column} ${cell}`, async () => {
      const reply = await csv([header(','), typed(',', { [column]: cell }), typed(',')]);
      const [refused, taken] = await rowsOf(reply);
      expect(refused!['findings']).to.deep.equal([
        { code: 'import_cell_unreadable', severity: 'error', field: column, pointer: null, line: null, message },
      ]);
      expect([refused!['row'], taken!['outcome']]).to.deep.equal([1, 'waiting']);
    });
  }

  it('does not repeat an address that stands in the wrong cell', async () => {
    const [row] = await rowsOf(await csv([header(','), typed(',', { evidenceSignedOn: 'ann@contoso.example' })]));
    expect(row!['findings'][0].message).to.equal('The value is not a date. Write it as YYYY-MM-DD.');
  });

  it('says which column of the table a cell without a heading is in', async () => {
    const [row] = await rowsOf(await csv([`${header(',')},`, `${typed(',')},more`]));
    expect(row!['findings'][0]).to.deep.include({
      code: 'import_row_malformed',
      message: 'Cell 17 contains "more", but its column has no name',
    });
  });

  it('takes a quote within a cell as one of its characters', async () => {
    const reply = await csv([header(','), typed(',', { name: 'Teams "adoption"' })]);
    expect(await outcomes(reply)).to.deep.equal(['waiting']);
    const [{ name }] = await database.source.query("SELECT content ->> 'name' AS name FROM claim_import_rows WHERE import_id = $1", [
      reply.body['importId'],
    ]);
    expect(name).to.equal('Teams "adoption"');
  });

  it('says how to save a table of another encoding', async () => {
    const { body } = await send('text/csv', Buffer.from([...Buffer.from('name\nM'), 0xfc, ...Buffer.from('ller')]));
    expect(body).to.deep.include({ code: 'import_unreadable', detail: 'The body is not UTF-8. Save the table as "CSV UTF-8".' });
  });

  it('refuses a header with unknown, repeated or missing columns, and keeps nothing', async () => {
    const before = (await stored()).length;
    const reply = await csv(['name,colour,partnerId,partnerId,tenantId,area', 'a,b,c,d,e,f']);
    expect(reply.status).to.equal(422);
    expect(reply.body).to.deep.include({ code: 'import_header' });
    expect(reply.body['errors'].map(({ field, message }: Record<string, string>) => `${field}: ${message}`)).to.deep.equal([
      'colour: Unknown column',
      'partnerId: This column is repeated',
      'products: This column is required',
    ]);
    expect((await stored()).length).to.equal(before);
  });

  it('refuses what cannot be told apart into rows, and keeps nothing', async () => {
    const before = (await stored()).length;
    const open = await csv([columns, csvRow(), '"no end']);
    expect(open.body).to.deep.include({ code: 'import_unreadable', status: 422, detail: 'Row 2 is cut off.' });
    const latin = await send('application/x-ndjson', Buffer.from([0x7b, 0xe9, 0x7d]));
    expect(latin.body).to.deep.include({ code: 'import_unreadable', detail: 'The body is not UTF-8.' });
    expect((await ndjson(['', '  '])).body).to.deep.include({ code: 'import_empty' });
    expect((await csv([columns])).body).to.deep.include({ code: 'import_empty' });
    const long = await send('application/x-ndjson', `{"name":"${'x'.repeat(3 * 1024 * 1024)}"}`);
    expect(long.body).to.deep.include({ code: 'import_unreadable' });
    expect((await stored()).length).to.equal(before);
  });

  it('takes 5,000 rows and refuses one more', async function () {
    this.timeout(60_000);
    const rows = Array.from({ length: 5_000 }, (_, index) => `{"name":"${index}"}`);
    const before = (await stored()).length;
    const tooMany = await ndjson([...rows, '{}']);
    expect(tooMany.body).to.deep.include({ status: 413, code: 'import_too_large' });
    expect((await stored()).length).to.equal(before);
    const [left] = await database.source.query(
      'SELECT count(*)::int AS rows FROM claim_import_rows WHERE import_id NOT IN (SELECT import_id FROM claim_imports)',
    );
    expect(left).to.deep.equal({ rows: 0 });
    const taken = await ndjson(rows);
    expect(taken.status, taken.text.slice(0, 200)).to.equal(202);
    expect(taken.body['rows']).to.deep.include({ total: 5_000, waiting: 5_000 });
  });

  it('takes the same request once, and refuses another under its key', async () => {
    const key = randomUUID();
    const row = JSON.stringify(completeClaim());
    const first = await ndjson([row], { key });
    const before = (await stored()).length;
    const again = await ndjson([row], { key });
    expect(again.status).to.equal(202);
    expect(again.headers.get('location')).to.equal(first.headers.get('location'));
    const other = await ndjson([row, row], { key });
    expect(other.body).to.deep.include({ code: 'idempotency_conflict' });
    expect((await ndjson([row], { key, query: '?submit=true' })).body).to.deep.include({ code: 'idempotency_conflict' });
    expect((await stored()).length).to.equal(before);
  });

  it('takes rows for the locations of the token alone', async () => {
    const token = await api.token('claim_user', { locations: [evergreen.partnerId] });
    const reply = await ndjson([completeClaim(), completeClaim({ partnerId: evergreenAustin.partnerId })], { token });
    const { body } = await get(`${reply.headers.get('location')}/rows`, token);
    expect(body['items'].map(({ outcome }: Record<string, string>) => outcome)).to.deep.equal(['waiting', 'refused']);
    expect(body['items'][1].findings[0]).to.deep.include({ code: 'not_own_location', field: 'partnerId' });
  });

  it('is there for nobody but its company, and for those with all locations or its sender', async () => {
    const reply = await ndjson([completeClaim()]);
    const location = reply.headers.get('location')!;
    const stranger = await api.token('claim_admin', { partner: ironbridge.accountId });
    const colleague = await api.token('claim_user', { locations: [evergreen.partnerId], subject: 'someone-else' });
    const chief = await api.token('claim_admin', { subject: 'the-chief' });
    for (const path of [location, `${location}/rows`, `${location}/rows.csv`]) {
      expect((await get(path, stranger)).status).to.equal(404);
      expect((await get(path, colleague)).status).to.equal(404);
      expect((await get(path, chief)).status).to.equal(200);
    }
    for (const act of ['pause', 'resume', 'cancel']) {
      expect((await api.call('POST', `${location}/${act}`, { token: stranger })).status).to.equal(404);
    }
    expect((await get(location, await api.token('reviewer'))).status).to.equal(403);
  });

  it('is paused, resumed and cancelled; what a cancelled row said is forgotten', async () => {
    const reply = await ndjson([completeClaim(), completeClaim()]);
    const location = reply.headers.get('location')!;
    const act = async (name: string) => api.call('POST', `${location}/${name}`, { token: partner });
    expect((await act('pause')).body).to.deep.include({ state: 'paused' });
    expect((await act('pause')).body).to.deep.include({ state: 'paused' });
    expect((await act('resume')).body).to.deep.include({ state: 'running' });
    const cancelled = await act('cancel');
    expect(cancelled.body).to.deep.include({ state: 'cancelled' });
    expect(cancelled.body['endedAt']).to.be.a('string');
    expect(cancelled.body['rows']).to.deep.include({ cancelled: 2, waiting: 0 });
    expect((await act('cancel')).status).to.equal(200);
    expect((await act('resume')).body).to.deep.include({ status: 409, code: 'import_ended' });
    const contents = await database.source.query('SELECT content FROM claim_import_rows WHERE import_id = $1', [reply.body['importId']]);
    expect(contents).to.deep.equal([{ content: null }, { content: null }]);
  });

  it('keeps formula text as text: stored as it was sent, and marked in what is downloaded', async () => {
    const formula = '=HYPERLINK("https://evil.example")';
    const reply = await csv([columns, csvRow({ name: formula }), csvRow().replace('"1"', `"${formula.replaceAll('"', '""')}"`)]);
    const [{ name }] = await database.source.query(
      `SELECT content ->> 'name' AS name FROM claim_import_rows WHERE import_id = $1 AND row = 1`,
      [reply.body['importId']],
    );
    expect(name).to.equal(formula);
    await database.source.query(`UPDATE claim_import_rows SET findings = $2 WHERE import_id = $1 AND row = 2`, [
      reply.body['importId'],
      JSON.stringify([{ code: 'late_claim', severity: 'error', field: 'name', line: null, message: formula }]),
    ]);
    const { text, headers } = await get(`${reply.headers.get('location')}/rows.csv`);
    expect(headers.get('content-type')).to.match(/^text\/csv/);
    expect(headers.get('content-disposition')).to.match(/^attachment/);
    expect(parse(text, { columns: true })).to.deep.equal([
      { row: '1', outcome: 'waiting', claimId: '', number: '', code: '', field: '', line: '', message: '' },
      { row: '2', outcome: 'refused', claimId: '', number: '', code: 'late_claim', field: 'name', line: '', message: `'${formula}` },
    ]);
    const { text: none } = await get(`${reply.headers.get('location')}/rows.csv?outcome=submitted`);
    expect(none).to.equal('row,outcome,claimId,number,code,field,line,message\n');
  });

  it('takes neither other types nor these types elsewhere', async () => {
    expect((await send('application/json', '{}')).body).to.deep.include({ status: 415, code: 'unsupported_media_type' });
    const elsewhere = await fetch(`${api.url}/v1/claims`, {
      method: 'POST',
      headers: { authorization: `Bearer ${partner}`, 'content-type': 'text/csv', 'idempotency-key': randomUUID() },
      body: columns,
    });
    expect(elsewhere.status).to.equal(415);
  });
});
