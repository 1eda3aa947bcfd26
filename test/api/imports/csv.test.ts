import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { completeClaim, type Reply } from '../../support/api.js';
import { columns, csvRow, Importer } from './importer.js';

describe('A CSV import of claims', () => {
  let importer: Importer;

  before(async function () {
    this.timeout(60_000);
    importer = await Importer.start();
  });
  after(() => importer?.close());

  it('accepts quoted cells and a byte order mark, and names the column of a fault', async () => {
    const reply = await importer.csv(
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
    const rows = await importer.rowsOf(reply);
    expect(rows.map(({ outcome }) => outcome)).to.deep.equal(['waiting', 'refused', 'refused']);
    expect(rows[1]!['findings'][0]).to.deep.include({ code: 'import_row_malformed', message: 'Has 15 cells; the header has 16' });
    expect(rows[2]!['findings'][0]).to.deep.include({ code: 'import_cell_unreadable', field: 'acknowledgementVersion' });
    const [{ content }] = await importer.database.source.query('SELECT content FROM claim_import_rows WHERE import_id = $1 AND row = 1', [
      reply.body['importId'],
    ]);
    const { evidence, ...claim } = completeClaim({ name: 'Two lines,\nand "quotes"', programme: 'sample' });
    const { evidence: sent, ...stated } = content;
    expect(stated).to.deep.equal({ ...claim, lines: [{ product: 'teams', subscriptionId: null, activities: ['usage'] }] });
    expect(sent[0]).to.deep.include({ fileName: 'statement.pdf', signedOn: evidence[0]!.signedOn });
  });

  /** Returns a row with the given delimiter, quoted only where needed. */
  const typed = (delimiter: string, change: Record<string, string> = {}): string => {
    const [values = []]: string[][] = parse(csvRow());
    const cells = columns.split(',').map((column, index) => change[column] ?? values[index]!);
    return cells.map((cell) => (cell.includes(delimiter) ? `"${cell}"` : cell)).join(delimiter);
  };
  const header = (delimiter: string) => columns.replaceAll(',', delimiter);
  const outcomes = async (reply: Reply) => {
    expect(reply.status, reply.text).to.equal(202);
    const rows = await importer.rowsOf(reply);
    return rows.map(({ outcome, findings }) => [outcome, ...findings.map(({ message }: { message: string }) => message)].join(': '));
  };

  const ownTenant = completeClaim().tenantId;
  const files: [string, string | Buffer][] = [
    ['with empty rows of commas', [header(','), ','.repeat(15), typed(','), ' ,'.repeat(15), '', ','.repeat(15)].join('\r\n')],
    ['with trailing empty columns', [`${header(',')},,`, `${typed(',')},,`, `${typed(',')},, `].join('\n')],
    ['with a column that has no name and no cells', [`,${header(',')}`, `,${typed(',')}`].join('\n')],
    ['with semicolons', [header(';'), typed(';')].join('\r\n')],
    ['with sep=;', ['sep=;', header(';'), typed(';')].join('\r\n')],
    ['with a byte order mark and sep=;', ['\uFEFFsep=;', header(';'), typed(';')].join('\r\n')],
    ['with tabs', [header('\t'), typed('\t')].join('\r\n')],
    ['in UTF-16 with tabs, as Unicode text', Buffer.from(`\uFEFF${[header('\t'), typed('\t')].join('\r\n')}`, 'utf16le')],
    ['in big-endian UTF-16', Buffer.from(`\uFEFF${[header(','), typed(',')].join('\n')}`, 'utf16le').swap16()],
    ['in UTF-16 without a mark', Buffer.from([header(','), typed(',')].join('\n'), 'utf16le')],
    ['with headings in another case', [header(',').replace('partnerId', 'Partner ID').replace('area', 'AREA'), typed(',')].join('\n')],
    ['with identifiers marked as text', [header(','), typed(',', { partnerId: '="1240371"' })].join('\n')],
    ['with pasted identifiers', [header(','), typed(',', { tenantId: `\u00a0{${ownTenant}}\u200b`, partnerId: "'1240371" })].join('\n')],
  ];
  for (const [what, file] of files) {
    it(`accepts a file ${what}`, async () => {
      const reply = await importer.send('text/csv', file);
      for (const outcome of await outcomes(reply)) expect(outcome).to.equal('waiting');
      const rows = await importer.database.source.query('SELECT content FROM claim_import_rows WHERE import_id = $1', [
        reply.body['importId'],
      ]);
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
  it('accepts unambiguous local dates', async () => {
    const reply = await importer.csv([header(','), ...dates.map(([evidenceSignedOn]) => typed(',', { evidenceSignedOn }))]);
    expect(await outcomes(reply)).to.deep.equal(dates.map(() => 'waiting'));
    const taken = await importer.database.source.query(
      "SELECT content -> 'evidence' -> 0 ->> 'signedOn' AS date FROM claim_import_rows WHERE import_id = $1 ORDER BY row",
      [reply.body['importId']],
    );
    expect(taken.map(({ date }: { date: string }) => date)).to.deep.equal(dates.map(([, date]) => date));
  });

  const number = 'A spreadsheet has turned this number into';
  const unreadable: [string, string, string][] = [
    ['partnerId', '1.24037E+06', `${number} "1.24037E+06". Format the column as text and enter the value again.`],
    ['partnerId', '1,24037E+06', `${number} "1,24037E+06". Format the column as text and enter the value again.`],
    [
      'partnerId',
      '371',
      '"371" has fewer than 4 digits: a spreadsheet may have dropped leading zeros. Format the column as text and enter the value again.',
    ],
    ['name', '#NAME?', 'The cell contains a spreadsheet error, "#NAME?". Correct it in the spreadsheet and export the file again.'],
    ['evidenceSignedOn', '03/04/2026', '"03/04/2026" could be 2026-04-03 or 2026-03-04. Write one of the two.'],
    ['evidenceSignedOn', '29.11.26', '"29.11.26" has a two-digit year. Write the date as YYYY-MM-DD.'],
    ['evidenceSignedOn', '46355', '"46355" is a spreadsheet day number. Format the column as a date, YYYY-MM-DD.'],
    ['evidenceSignedOn', '31.02.2026', '"31.02.2026" is not a valid date. Write it as YYYY-MM-DD.'],
    ['evidenceSignedOn', 'yesterday', '"yesterday" is not a date. Write it as YYYY-MM-DD.'],
    ['acknowledgementVersion', 'one', '"one" is not a whole number.'],
  ];
  for (const [column, cell, message] of unreadable) {
    it(`explains why a cell cannot be read: ${column} ${cell}`, async () => {
      const reply = await importer.csv([header(','), typed(',', { [column]: cell }), typed(',')]);
      const [refused, taken] = await importer.rowsOf(reply);
      expect(refused!['findings']).to.deep.equal([
        { code: 'import_cell_unreadable', severity: 'error', field: column, column, pointer: null, line: null, message },
      ]);
      expect([refused!['row'], taken!['outcome']]).to.deep.equal([1, 'waiting']);
    });
  }

  it('does not repeat an email address found in the wrong cell', async () => {
    const [row] = await importer.rowsOf(await importer.csv([header(','), typed(',', { evidenceSignedOn: 'ann@contoso.example' })]));
    expect(row!['findings'][0].message).to.equal('The value is not a date. Write it as YYYY-MM-DD.');
  });

  it('names the position of a cell whose column has no name', async () => {
    const [row] = await importer.rowsOf(await importer.csv([`${header(',')},`, `${typed(',')},more`]));
    expect(row!['findings'][0]).to.deep.include({
      code: 'import_row_malformed',
      message: 'Cell 17 contains "more", but its column has no name',
    });
  });

  it('accepts a literal quote within an unquoted cell', async () => {
    const reply = await importer.csv([header(','), typed(',', { name: 'Teams "adoption"' })]);
    expect(await outcomes(reply)).to.deep.equal(['waiting']);
    const [{ name }] = await importer.database.source.query(
      "SELECT content ->> 'name' AS name FROM claim_import_rows WHERE import_id = $1",
      [reply.body['importId']],
    );
    expect(name).to.equal('Teams "adoption"');
  });

  it('explains how to save a file that is not UTF-8', async () => {
    const { body } = await importer.send('text/csv', Buffer.from([...Buffer.from('name\nM'), 0xfc, ...Buffer.from('ller')]));
    expect(body).to.deep.include({ code: 'import_unreadable', detail: 'The body is not UTF-8. Save the table as "CSV UTF-8".' });
  });

  it('stores nothing if the header has unknown, repeated or missing columns', async () => {
    const before = await importer.storedImports();
    const reply = await importer.csv(['name,colour,partnerId,partnerId,tenantId,area', 'a,b,c,d,e,f']);
    expect(reply.status).to.equal(422);
    expect(reply.body).to.deep.include({ code: 'import_header' });
    expect(reply.body['errors'].map(({ field, message }: Record<string, string>) => `${field}: ${message}`)).to.deep.equal([
      'colour: Unknown column',
      'partnerId: This column is repeated',
      'products: This column is required',
    ]);
    expect(await importer.storedImports()).to.equal(before);
  });

  it('stores spreadsheet formulas as sent and escapes them in the download', async () => {
    const formula = '=HYPERLINK("https://evil.example")';
    const reply = await importer.csv([columns, csvRow({ name: formula }), csvRow().replace('"1"', `"${formula.replaceAll('"', '""')}"`)]);
    const [{ name }] = await importer.database.source.query(
      `SELECT content ->> 'name' AS name FROM claim_import_rows WHERE import_id = $1 AND row = 1`,
      [reply.body['importId']],
    );
    expect(name).to.equal(formula);
    await importer.database.source.query(`UPDATE claim_import_rows SET findings = $2 WHERE import_id = $1 AND row = 2`, [
      reply.body['importId'],
      JSON.stringify([{ code: 'late_claim', severity: 'error', field: 'name', line: null, message: formula }]),
    ]);
    const { text, headers } = await importer.get(`${reply.headers.get('location')}/rows.csv`);
    expect(headers.get('content-type')).to.match(/^text\/csv/);
    expect(headers.get('content-disposition')).to.match(/^attachment/);
    const nothing = { claimId: '', number: '', externalReference: '', code: '', field: '', column: '', line: '', message: '' };
    expect(parse(text, { columns: true })).to.deep.equal([
      { ...nothing, row: '1', outcome: 'waiting', name: `'${formula}` },
      {
        ...nothing,
        row: '2',
        outcome: 'refused',
        name: completeClaim().name,
        code: 'late_claim',
        field: 'name',
        column: 'name',
        message: `'${formula}`,
      },
    ]);
    const { text: empty } = await importer.get(`${reply.headers.get('location')}/rows.csv?outcome=submitted`);
    expect(empty).to.equal('row,outcome,claimId,number,name,externalReference,code,field,column,line,message\n');
  });
});
