import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { fuzzing } from '../../support/extent.js';
import { columns, csvRow, Importer } from '../imports/importer.js';

/** What a spreadsheet would run, and what breaks tables. */
const hostileCell = fc.oneof(
  fc.constantFrom(
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '＝1',
    "=cmd|'/C calc'!A0",
    '"',
    '""',
    '",',
    '\0',
    '\ud800',
    '\ufeff',
    '\u2028',
    '',
    ' ',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const damage: fc.Arbitrary<(text: string) => string | Buffer> = fc.oneof(
  fc.constant((text: string) => text),
  fc.nat(400).map((at) => (text: string) => text.slice(0, at)),
  fc.tuple(fc.nat(400), hostileCell).map(
    ([at, cell]) =>
      (text: string) =>
        `${text.slice(0, at)}${cell}${text.slice(at)}`,
  ),
  fc.constant((text: string) => text.replaceAll('"', '')),
  fc.constant((text: string) => text.replaceAll(',', ';')),
  fc.constant((text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')),
  fc.constant((text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').subarray(0, -1)),
  fc.constant((text: string) => Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xfe, 0x00])])),
  fc.constant((text: string) => `\ufeff\ufeffsep=\n${text}`),
);
/** What an import may answer: accepted, or refused for its form. */
const answers = [202, 400, 413, 415, 422];

describe('A hostile import', () => {
  let importer: Importer;

  before(async function () {
    this.timeout(60_000);
    importer = await Importer.start();
  });
  after(() => importer?.close());

  it('is stored or refused, never a fault, and what it left is no formula in the download', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.array(hostileCell, { minLength: 1, maxLength: 3 }), damage, fc.boolean(), async (cells, harm, isColumn) => {
        const rows = cells.map((cell) => csvRow({ name: cell, products: cell }));
        const header = isColumn ? `${columns},${cells[0]}` : columns;
        const reply = await importer.send('text/csv', harm([header, ...rows].join('\r\n')));
        expect(reply.status, reply.text.slice(0, 300)).to.be.oneOf(answers);
        if (reply.status !== 202) {
          expect(reply.headers.get('content-type')).to.match(/^application\/problem\+json/);
          return;
        }
        const { text, status } = await importer.get(`${reply.headers.get('location')}/rows.csv`);
        expect(status).to.equal(200);
        for (const row of parse<Record<string, string>>(text, { columns: true }))
          for (const cell of Object.values(row)) expect(cell).to.not.match(/^[=+\-@\t\r＝＋－＠]/);
      }),
      fuzzing(80, 1_000),
    );
  });

  it('of rows of any JSON, one a line, is stored with the faults of each row, or refused', async function () {
    this.timeout(120_000);
    const anyRow = fc.oneof(
      fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }).map((value) => JSON.stringify(value)),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '{"__proto__":{"a":1}}',
        '{"name":"a","name":"b"}',
        '{',
        `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
        `{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 5 }), async (rows) => {
        const reply = await importer.ndjson(rows);
        expect(reply.status, reply.text.slice(0, 300)).to.be.oneOf(answers);
      }),
      fuzzing(60, 1_000),
    );
  });

  it('of one cell of 10 MiB, with or without its closing quote, is refused as unreadable', async () => {
    const before = await importer.storedImports();
    for (const end of ['"\n', '']) {
      const reply = await importer.csv([columns, `"${'x'.repeat(10 * 1024 * 1024)}${end}`]);
      expect([reply.status, reply.body['code']]).to.deep.equal([422, 'import_unreadable']);
    }
    const line = await importer.ndjson([JSON.stringify({ name: 'x'.repeat(10 * 1024 * 1024) })]);
    expect([line.status, line.body['code']]).to.deep.equal([422, 'import_unreadable']);
    expect(await importer.storedImports()).to.equal(before);
  });
});
