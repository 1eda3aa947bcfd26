import { Readable } from 'node:stream';
import { expect } from 'chai';
import { openTable } from '#libs/tables/index.js';

describe('a table as people have it', () => {
  const lines = (delimiter: string) => [`name${delimiter}number`, `Müller Größe${delimiter}007`];
  const text = (delimiter: string, ending = '\r\n') => lines(delimiter).join(ending);

  /** Opens bytes that arrive a few at a time, and returns the delimiter and the cells of each non-empty line. */
  async function read(file: string | Buffer, chunkBytes: number) {
    const bytes = Buffer.from(file as string);
    const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
      bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
    );
    const table = await openTable(Readable.from(chunks));
    let content = '';
    for await (const part of table.text) content += part;
    const rows = content.replace(/^\uFEFF/, '').split(/\r?\n/);
    return { delimiter: table.delimiter, rows: rows.filter((row) => row !== '').map((row) => row.split(table.delimiter)) };
  }

  const files: [string, string | Buffer, string][] = [
    ['UTF-8', text(','), ','],
    ['UTF-8 with a byte order mark', `\uFEFF${text(',')}`, ','],
    ['UTF-8 with a byte order mark and semicolons', `\uFEFF${text(';')}`, ';'],
    ['UTF-8 with tabs', text('\t'), '\t'],
    ['line feeds alone', text(',', '\n'), ','],
    ['a trailing empty line', `${text(',')}\r\n\r\n`, ','],
    ['a leading empty line', `\r\n${text(';')}`, ';'],
    ['a line sep=;', `sep=;\r\n${text(';')}`, ';'],
    ['UTF-16, as "Unicode text" of Excel', Buffer.from(`\uFEFF${text('\t')}`, 'utf16le'), '\t'],
    ['UTF-16 with semicolons and a trailing empty line', Buffer.from(`\uFEFF${text(';')}\r\n\r\n`, 'utf16le'), ';'],
    ['UTF-16 without a mark', Buffer.from(text(','), 'utf16le'), ','],
    ['big-endian UTF-16', Buffer.from(`\uFEFF${text(',')}`, 'utf16le').swap16(), ','],
    ['a heading with a quoted comma', `"name, all of it";number\r\n${lines(';')[1]!}`, ';'],
  ];
  for (const [what, file, delimiter] of files) {
    for (const chunkBytes of [1, 7, 1_000]) {
      it(`is read from ${what}, ${chunkBytes} bytes at a time`, async () => {
        const { delimiter: found, rows } = await read(file, chunkBytes);
        expect(found).to.equal(delimiter);
        expect(rows.at(-1)).to.deep.equal(['Müller Größe', '007']);
        expect(rows).to.have.length(2);
      });
    }
  }

  it('is refused in any other encoding', async () => {
    const fault = await read(Buffer.from('name\nM\xfcller', 'latin1'), 1_000).catch((error: Error) => error);
    expect(fault).to.be.instanceOf(Error).and.have.property('message', 'The body is not UTF-8.');
  });
});
