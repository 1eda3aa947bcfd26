import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { consoleModule } from '../../support/console-module.js';

interface ReadFile {
  readTable(text: string): string[][];
  writeTable(rows: string[][]): string;
}
interface CheckTable {
  takenFor(heading: string[], known: object): (string | null)[];
  suggestionFor(heading: string, names: string[]): string | undefined;
  checkTable(file: object, taken: (string | null)[], known: object): { faults: { row: number; kind: string }[]; isNameless: boolean };
  tableToSend(file: object, taken: (string | null)[]): string[][];
}
interface RefusedRows {
  rowErrorsOf(csv: string): { row: number; errors: string[] }[];
  refusedRows(file: object, table: string[][] | null, refused: object[]): string;
}

const column = (name: string, kind: string, isRequired = false) => ({
  ...{ name, kind, isRequired, pointer: `/${name}`, example: null },
  ...{ isClearable: false, values: null as string[] | null, requiredFor: [] as string[] },
});
const known = {
  columns: [
    column('name', 'text', true),
    column('partnerId', 'identifier', true),
    column('evidenceSignedOn', 'date'),
    column('count', 'number'),
  ],
  namedBy: [] as string[],
  clearMarker: null as string | null,
  noteColumns: ['importRow', 'importError'],
  maximumRows: 5_000,
  maximumBytes: 1_000,
};

describe('A file of claims in the console', () => {
  let files: ReadFile;
  let checks: CheckTable;
  let refused: RefusedRows;

  before(async () => {
    files = await consoleModule('imports/read-file.ts');
    checks = await consoleModule('imports/check-table.ts');
    refused = await consoleModule('imports/refused-rows.ts');
  });

  it('is divided into rows and cells as the API divides it', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', ' ', '=', 'ж', '1') });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (rows) => {
        const text = files.writeTable([['one', 'two'], ...rows]);
        const options = { bom: true, relax_column_count: true, relax_quotes: true };
        const theirs = parse(text, options).filter((cells: string[]) => cells.some((each) => each.trim() !== ''));
        expect(files.readTable(text)).to.deep.equal(theirs);
      }),
    );
    expect(files.readTable('sep=;\r\na;b\r\n"1;2";3')).to.deep.equal([
      ['a', 'b'],
      ['1;2', '3'],
    ]);
    expect(files.readTable('a\tb\n="007"\t\n\t\n')).to.deep.equal([
      ['a', 'b'],
      ['="007"', ''],
    ]);
  });

  it('knows a column however its name is spelled, and suggests one for a name that is near', () => {
    expect(checks.takenFor(['Partner ID', 'NAME', ' ', 'import_row', 'colour'], known)).to.deep.equal([
      'partnerId',
      'name',
      '',
      'importRow',
      null,
    ]);
    const names = known.columns.map(({ name }) => name);
    expect(checks.suggestionFor('Partner Idd', names)).to.equal('partnerId');
    expect(checks.suggestionFor('evidence signed', names)).to.equal('evidenceSignedOn');
    expect(checks.suggestionFor('colour', names)).to.equal(undefined);
  });

  it('shows the cells that the API refuses for certain, and no others', () => {
    const taken = ['name', 'partnerId', 'evidenceSignedOn', 'count'];
    const kinds = (cells: string[]) => checks.checkTable({ rows: [cells] }, taken, known).faults.map(({ kind }) => kind);
    expect(kinds(['A', '1240371', '2026-11-29', '1'])).to.deep.equal([]);
    expect(kinds(['A', '="1240371"', '29.11.2026', ''])).to.deep.equal([]);
    expect(kinds(['A', '1', '11/29/2026', ''])).to.deep.equal([]);
    expect(kinds(['', '1.24037E+06', '03/04/2026', 'one'])).to.deep.equal(['missing', 'rounded', 'date', 'number']);
    expect(kinds(['#NAME?', '1', '46355', ''])).to.deep.equal(['spreadsheet', 'date']);
    expect(kinds(['A', '1'])).to.deep.equal(['short']);
    expect(kinds(['A', '1', '', '', 'more'])).to.deep.equal(['stray']);
  });

  it('of changes names each claim, clears what may be empty, and gives an action its reason', () => {
    const changes = {
      ...known,
      columns: [
        column('number', 'identifier'),
        column('externalReference', 'reference'),
        { ...column('action', 'code'), values: ['submit', 'disassociate'] },
        { ...column('reason', 'text'), requiredFor: ['disassociate'] },
        column('name', 'text'),
        { ...column('transactionOn', 'date'), isClearable: true },
        { ...column('phase', 'text'), pointer: null },
      ],
      namedBy: ['number', 'externalReference'],
      clearMarker: '<clear>',
    };
    const taken = changes.columns.map(({ name }) => name);
    const check = (cells: string[], of = taken) => checks.checkTable({ rows: [cells] }, of, changes);
    const kinds = (cells: string[]) => check(cells).faults.map(({ kind }) => kind);
    expect(kinds(['CLM-1', '', 'Submit', '', '', '<clear>', '<clear>'])).to.deep.equal([]);
    expect(kinds(['', 'CRM-1', 'disassociate', 'Over', 'A', '2026-11-29', 'draft'])).to.deep.equal([]);
    expect(kinds(['', '', 'approve', '', '<clear>', '03/04/2026', ''])).to.deep.equal(['nameless', 'value', 'notCleared', 'date']);
    expect(kinds(['CLM-1', '', 'Disassociate', '', '', '', ''])).to.deep.equal(['missing']);
    expect(check(['A'], ['name']).isNameless).to.equal(true);
    expect(check(['CLM-1'], ['number']).isNameless).to.equal(false);
  });

  it('is sent without the columns that are left out, and keeps cells without a column, which the API refuses', () => {
    const sent = checks.tableToSend({ rows: [['1', 'A', 'red', 'stray']] }, ['partnerId', 'name', '']);
    expect(sent).to.deep.equal([
      ['partnerId', 'name'],
      ['1', 'A', 'stray'],
    ]);
  });

  it('gives refused rows back as they were sent, each with its number and errors', () => {
    const errors = refused.rowErrorsOf(
      'row,outcome,claimId,number,code,field,line,message\r\n2,refused,,,x,area,,Is required\r\n2,refused,,,x,product,1,"No, not this"\r\n',
    );
    expect(errors).to.deep.equal([{ row: 2, errors: ['area: Is required', 'product, 1: No, not this'] }]);
    const table = [
      ['name', 'area', 'importRow', 'importError'],
      ['A', 'x', '7', 'old'],
      ['B, C', '', '8', 'old'],
    ];
    expect(refused.refusedRows({ format: 'csv' }, table, errors)).to.equal(
      '\uFEFFname,area,importRow,importError\r\n"B, C",,2,"area: Is required | product, 1: No, not this"\r\n',
    );
    const lines = { format: 'ndjson', rows: ['{"name":"A"}', '{"name":"B"}', '{"name":'] };
    expect(refused.refusedRows(lines, null, [...errors, { row: 3, errors: ['Must be valid JSON'] }])).to.equal(
      '{"name":"B","importRow":2,"importError":"area: Is required | product, 1: No, not this"}\n{"name":\n',
    );
  });
});
