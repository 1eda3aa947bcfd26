import { expect } from 'chai';
import { completeClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('The report of repairs', () => {
  let database: TestDatabase;
  let api: TestApi;
  let operator: string;

  before(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database });
    operator = await api.token('operator');
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const list = (query = '') => api.call('GET', `/v1/reports/repairs${query}`, { token: operator });

  it('is empty while nothing had to be repaired', async () => {
    expect((await list()).body).to.deep.equal({ items: [], next: null });
  });

  it('lists what was woken and why, newest first, page by page and by reason', async () => {
    const made = await api.call('POST', '/v1/claims', { token: await api.token('claim_admin'), body: completeClaim() });
    const { claimId, number } = made.body as { claimId: string; number: string };
    for (const reason of ['alarm_overdue', 'workflow_missing', 'alarm_overdue'])
      await database.source.query('INSERT INTO repairs (claim_id, reason) VALUES ($1, $2)', [claimId, reason]);
    const all = (await list()).body['items'] as Json[];
    expect(all.map(({ reason }) => reason)).to.deep.equal(['alarm_overdue', 'workflow_missing', 'alarm_overdue']);
    expect(all[0]).to.include({ claimId, number });
    const first = await list('?limit=2');
    const rest = await list(`?limit=2&cursor=${first.body['next']}`);
    expect([...first.body['items'], ...rest.body['items']].map(({ repairId }: Json) => repairId)).to.deep.equal(
      all.map(({ repairId }) => repairId),
    );
    expect(rest.body['next']).to.equal(null);
    expect((await list('?reason=workflow_missing')).body['items']).to.have.length(1);
    expect((await list(`?to=${all[2]!['repairedAt']}`)).body['items']).to.deep.equal([]);
    expect((await list('?reason=boredom')).status).to.equal(422);
  });
});
