import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { expect } from 'chai';
import { type Json, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { csvOf, monthFrom } from '../../support/usage.js';
import { waitFor } from '../../support/wait.js';

describe('Usage imports over HTTP', () => {
  let database: TestDatabase;
  let api: TestApi;
  let vendor: string;
  const month = monthFrom(new Date(), 0);

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    vendor = await api.token('vendor_admin');
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const row = (users: number | string = 10) => ({
    CustomerTenantId: randomUUID(),
    WorkloadName: 'Exchange',
    MonthlyActiveUsers: users,
    PaidAvailableUnits: 20,
    Date: month,
  });
  const post = (body: string, { key = randomUUID(), set = 'workload_usage', type = 'text/csv' } = {}): Promise<Reply> =>
    api.call('POST', `/v1/usage/imports?set=${set}`, { token: vendor, body, key, headers: { 'content-type': type } });
  const read = (path: string) => api.call('GET', path, { token: vendor });

  it('return the import’s location, and the same answer for a retry', async () => {
    const [key, csv] = [randomUUID(), csvOf([row()])];
    const first = await post(csv, { key });
    expect(first.status, first.text).to.equal(201);
    const { importId } = first.body as { importId: string };
    expect(first.headers.get('location')).to.equal(`/v1/usage/imports/${importId}`);
    expect((await read(`/v1/usage/imports/${importId}`)).body).to.deep.equal(first.body);
    const again = await post(csv, { key });
    expect([again.status, again.body]).to.deep.equal([201, first.body]);
    const different = await post(csvOf([row()]), { key });
    expect([different.status, different.body['code']]).to.deep.equal([422, 'idempotency_conflict']);
  });

  it('list refused rows page by page', async () => {
    const { body } = await post(csvOf([row('many'), row(), row('few')]));
    expect([body['rowsRead'], body['rowsStored'], body['rowsRefused']]).to.deep.equal([3, 1, 2]);
    const first = await read(`${body['errors']}?limit=1`);
    expect((first.body['items'] as Json[]).map(({ line, column, code }) => [line, column, code])).to.deep.equal([
      [2, 'MonthlyActiveUsers', 'number_invalid'],
    ]);
    const second = await read(`${body['errors']}?limit=1&cursor=${first.body['next']}`);
    expect([(second.body['items'] as Json[])[0]!['line'], second.body['next']]).to.deep.equal([4, null]);
  });

  it('report every unknown or missing column', async () => {
    const reply = await post('CustomerTenantId,WorkloadName,Users,PaidAvailableUnits,Date\n');
    expect([reply.status, reply.body['code']]).to.deep.equal([422, 'invalid_request']);
    expect((reply.body['errors'] as Json[]).map(({ field, code }) => [field, code])).to.deep.equal([
      ['Users', 'column_unknown'],
      ['MonthlyActiveUsers', 'column_missing'],
    ]);
  });

  it('report the line at which a file is not valid CSV', async () => {
    const reply = await post(`${csvOf([row()])}\nab"c,d\n`);
    expect([reply.status, reply.body['code'], reply.body['errors'][0]['line']]).to.deep.equal([422, 'usage_file_unreadable', 3]);
  });

  it('are refused for other media types, an unknown set or programme, or a missing key', async () => {
    expect((await post('{}', { type: 'application/json' })).body['code']).to.equal('unsupported_media_type');
    expect((await post('x', { set: 'passwords' })).body['code']).to.equal('invalid_request');
    const headers = { 'content-type': 'text/csv' };
    const programme = await api.call('POST', '/v1/usage/imports?set=seats&programme=none', { token: vendor, body: 'x', headers });
    expect(programme.body['errors'][0]['code']).to.equal('programme_unknown');
    const keyless = await api.call('POST', '/v1/usage/imports?set=seats', { token: vendor, body: 'x', headers, key: null });
    expect(keyless.body['code']).to.equal('idempotency_key_required');
  });

  it('are interrupted when the sender disconnects, and can be sent again', async () => {
    const key = randomUUID();
    const sent = request(`${api.url}/v1/usage/imports?set=workload_usage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${vendor}`, 'content-type': 'text/csv', 'idempotency-key': key },
    });
    sent.on('error', () => undefined);
    sent.write(`${csvOf([row()])}\n`);
    for (let line = 0; line < 8_000; line++) sent.write(`${randomUUID()},Teams,1,1,${month}\n`);
    const inProgress = async () => {
      const [found] = await database.source.query<{ import_id: string; rows: number }[]>(
        "SELECT import_id, rows_stored AS rows FROM usage_imports WHERE state = 'receiving' AND rows_stored > 0",
      );
      return found;
    };
    await waitFor('some rows to be stored', async () => (await inProgress()) !== undefined);
    const { import_id: importId } = (await inProgress())!;
    expect((await read(`/v1/usage/imports/${importId}`)).body['state']).to.equal('receiving');
    const meanwhile = await post(csvOf([row()]));
    expect([meanwhile.status, meanwhile.body['code'], meanwhile.headers.get('retry-after')]).to.deep.equal([
      409,
      'usage_import_in_progress',
      '30',
    ]);
    sent.destroy();
    await waitFor(
      'the import to be interrupted',
      async () => (await read(`/v1/usage/imports/${importId}`)).body['state'] === 'interrupted',
    );
    const again = await post(csvOf([row()]), { key });
    expect([again.status, again.body['importId'], again.body['rowsStored']]).to.deep.equal([201, importId, 1]);
  });
});
