import { expect } from 'chai';
import { type Json, respondAsync, startTestApi, type TestApi } from '../../support/api.js';
import { addTenants } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { NotifiedClaims } from '../../support/notified-claim.js';

describe('What an operator oversees', () => {
  let database: TestDatabase;
  let api: TestApi;
  let operator: string;
  let submitted: string;

  /** Temporal is down, so that commands of submitted claims stay pending. */
  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    operator = await api.token('operator');
    const [tenant] = await addTenants(database.source, 1);
    submitted = await new NotifiedClaims(database, api).submitted(tenant!);
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const read = async (path: string, token = operator): Promise<Json> => {
    const reply = await api.call('GET', path, { token });
    expect(reply.status, reply.text).to.equal(200);
    return reply.body;
  };
  const comment = async (text: string) => {
    const token = await api.token('reviewer');
    const body = { text, visibility: 'internal' };
    const reply = await api.call('POST', `/v1/claims/${submitted}/comments`, { token, body, headers: respondAsync });
    expect(reply.status, reply.text).to.equal(202);
    return reply.body['operationId'] as string;
  };

  it('lists the commands without an outcome, oldest first and page by page, with the step that fails', async () => {
    const ids = [await comment('One.'), await comment('Two.'), await comment('Three.')];
    await database.source.query(
      "INSERT INTO stuck_claims (claim_id, step, fault, attempts, next_at) VALUES ($1, 'execute', 'the database is full', 7, now())",
      [submitted],
    );
    const seen: Json[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const page = await read(`/v1/operations/pending?limit=2${next === '' ? '' : `&cursor=${next}`}`);
      seen.push(...(page['items'] as Json[]));
      next = page['next'] as string | null;
    }
    expect(seen.map(({ operationId }) => operationId as string)).to.deep.equal(ids);
    expect(seen[0]).to.deep.include({ claimId: submitted, type: 'addComment' });
    expect(seen[0]!['failing']).to.deep.include({ step: 'execute', fault: 'the database is full', attempts: 7 });
    expect(JSON.stringify(seen)).not.to.include('One.');
  });

  it('counts what waits for what', async () => {
    const report = await read('/v1/reports/waiting', await api.token('vendor_admin'));
    expect(report['operations']).to.include({ pending: 3 });
    expect(report['failing']).to.include({ claims: 1 });
    expect((report['phases'] as Json[]).find(({ phase }) => phase === 'submitted')).to.include({ claims: 1 });
    expect(report['clocks']).to.deep.equal([{ clock: 'review_start', claims: 1, overdue: 0, mover: 'reviewer' }]);
    expect(report['checkpoint']).to.equal(null);
  });
});
