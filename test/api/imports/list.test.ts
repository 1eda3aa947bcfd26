import { expect } from 'chai';
import { completeClaim } from '../../support/api.js';
import { evergreen, ironbridge } from '../../support/sample-directory.js';
import { columns, csvRow, Importer } from './importer.js';

describe('The list of imports', () => {
  let importer: Importer;

  before(async function () {
    this.timeout(60_000);
    importer = await Importer.start();
  });
  after(() => importer?.close());

  const list = async (token: string, query = '') => (await importer.get(`/v1/claims/imports${query}`, token)).body;
  const ids = (body: Record<string, any>): string[] => body['items'].map(({ importId }: { importId: string }) => importId);

  it('shows the company its own, the latest first and page by page, and a clerk of one location what the clerk sent', async () => {
    const clerk = await importer.api.token('claim_user', { locations: [evergreen.partnerId], subject: 'clerk' });
    const other = await importer.api.token('claim_admin', { partner: ironbridge.accountId });
    const first = await importer.ndjson([completeClaim(), 'no claim']);
    const second = await importer.ndjson([completeClaim()], { token: clerk });
    const third = await importer.ndjson([completeClaim()]);
    await importer.ndjson([completeClaim()], { token: other });
    const [one, two, three] = [first, second, third].map(({ body }) => body['importId'] as string);

    const all = await list(importer.partner);
    expect(ids(all)).to.deep.equal([three, two, one]);
    expect(all['next']).to.equal(null);
    expect(all['items'][2]).to.deep.equal(first.body);
    expect(all['items'][1]['sentBy']).to.equal('clerk');
    expect(all['items'][2]['rows']).to.include({ total: 2, waiting: 1, refused: 1 });
    expect(ids(await list(clerk))).to.deep.equal([two]);
    expect(ids(await list(other)))
      .to.have.length(1)
      .and.not.include(one);

    const page = await list(importer.partner, '?limit=2');
    expect(ids(page)).to.deep.equal([three, two]);
    expect(ids(await list(importer.partner, `?limit=2&cursor=${page['next']}`))).to.deep.equal([one]);
    expect(await list(importer.partner, '?cursor=nonsense')).to.include({ code: 'invalid_request' });
  });

  it('tells the columns of a file, with examples that the import accepts', async () => {
    const { body } = await importer.get('/v1/claims/imports/columns');
    const described = body['columns'] as { name: string; isRequired: boolean; pointer: string; example: string | null }[];
    expect(described.filter(({ isRequired }) => isRequired).map(({ name }) => name)).to.deep.equal([
      'name',
      'partnerId',
      'tenantId',
      'area',
      'products',
    ]);
    const pointers = Object.fromEntries(described.map(({ name, pointer }) => [name, pointer]));
    expect(pointers).to.include({
      products: '/lines/0/product',
      customerEmail: '/contacts/customer/email',
      evidenceSignedOn: '/evidence/0/signedOn',
    });
    expect(columns.split(',').filter((name) => !(name in pointers))).to.deep.equal([]);
    const sample = described.filter(({ example }) => example !== null);
    const reply = await importer.csv([sample.map(({ name }) => name).join(), sample.map(({ example }) => example).join()]);
    expect(reply.body['rows'], reply.text).to.include({ total: 1, waiting: 1, refused: 0 });
  });

  it('drops the notes in a file of refused rows, so that it can be sent as it is', async () => {
    const table = await importer.csv([`importRow,${columns},Import error`, `7,${csvRow()},"Must be a code; and more"`]);
    expect(table.body['rows'], table.text).to.include({ total: 1, waiting: 1 });
    const lines = await importer.ndjson([{ ...completeClaim(), importRow: 7, importError: 'Must be a code' }]);
    expect(lines.body['rows']).to.include({ total: 1, waiting: 1 });
  });
});
