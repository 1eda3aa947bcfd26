import { expect } from 'chai';
import { findFreePort } from '#libs/embedded/index.js';
import { MetricsServer } from '#libs/metrics/index.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('metrics of the API', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let api: TestApi;
  let address: string;

  before(async () => {
    database = await createTestDatabase();
    address = `127.0.0.1:${await findFreePort(0)}`;
    api = await startTestApi({ database, env: { CPOR_METRICS: address } });
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  it('counts requests by route and status, and shows no path, id or token', async () => {
    const token = await api.token('claim_admin');
    await api.call('GET', '/v1/claims/00000000-0000-4000-8000-000000000000', { token });
    await api.call('GET', '/n/a-secret-token');
    await api.call('GET', '/somewhere/else');
    const response = await fetch(`http://${address}/metrics`);
    expect(response.headers.get('content-type')).to.match(/^text\/plain/);
    const text = await response.text();
    for (const [route, status] of [
      ['/v1/claims/:claimId', 404],
      ['/n/:token', 404],
      ['none', 404],
    ])
      expect(text).to.match(new RegExp(`cpor_http_request_duration_seconds_count\\{[^}]*route="${route}",status="${status}"\\} 1\\n`));
    expect(text).to.include('cpor_database_connections{state="waiting"} 0').and.include('process_resident_memory_bytes');
    for (const hidden of ['00000000-0000-4000', 'a-secret-token', 'somewhere']) expect(text).not.to.include(hidden);
  });

  it('says there that the process runs, serves nothing else, and no metrics beside the product', async () => {
    expect(await (await fetch(`http://${address}/livez`)).text()).to.equal('ok\n');
    for (const path of ['/', '/v1/claims', '/metrics?x=1', '/readyz'])
      expect((await fetch(`http://${address}${path}`)).status).to.equal(404);
    expect((await fetch(`http://${address}/metrics`, { method: 'POST' })).status).to.equal(404);
    expect((await api.call('GET', '/metrics')).status).to.equal(404);
  });

  it('says which setting to change when the address is taken', async () => {
    const second = new MetricsServer(api.app.get(MetricsServer).registry, address);
    const error = await second.onApplicationBootstrap().then(
      () => null,
      (fault: Error) => fault,
    );
    expect(error?.message).to.equal(`The address of CPOR_METRICS, ${address}, is in use. Each process needs one of its own.`);
  });
});
