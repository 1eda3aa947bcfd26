import { expect } from 'chai';
import { Client } from 'pg';
import { completeClaim, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { asSuperuser, bringBack, createTestDatabase, takeDown, type TestDatabase } from '../../support/database.js';
import { createTestNamespace, type TestNamespace } from '../../support/temporal.js';
import { waitFor } from '../../support/wait.js';

describe('The API', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  /** Available, so that readiness depends on the database only. */
  let namespace: TestNamespace;
  let api: TestApi;
  let partner: string;

  before(async () => {
    database = await createTestDatabase();
    namespace = await createTestNamespace();
    api = await startTestApi({ database, namespace });
    partner = await api.token('claim_admin');
    expect((await write()).status).to.equal(201);
  });
  after(async () => {
    await api?.close();
    await namespace?.close();
    await database?.close();
  });

  const write = () => api.call('POST', '/v1/claims', { token: partner, body: completeClaim() });
  const read = () => api.call('GET', '/v1/claims', { token: partner });
  const outcomeOf = ({ status, headers, body }: Reply) => [status, body['code'], Number(headers.get('retry-after')) > 0];
  const databaseCheck = async () => (await api.call('GET', '/readyz')).body['checks']['database'] as { ok: boolean; code: string | null };
  /** Changes a setting of the database and drops its connections, so that the next ones have it. */
  async function alterDatabase(text: string): Promise<void> {
    const postgres = { superuserUrl: database.superuserUrl.replace(database.name, 'postgres') };
    await asSuperuser(postgres, `ALTER DATABASE ${database.name} ${text}`);
    await asSuperuser(postgres, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database.name]);
  }
  const unavailable = [503, 'service_unavailable', true];

  async function untilReadinessReports(code: string | null): Promise<void> {
    let seen: string | null = '';
    await waitFor(`readiness to report ${code}`, async () => (seen = (await databaseCheck()).code) === code).catch((error: Error) => {
      throw new Error(`${error.message} It reports ${seen}.`);
    });
    expect((await databaseCheck()).ok).to.equal(code === null);
    expect((await api.call('GET', '/livez')).status).to.equal(200);
  }

  /** Makes every insert of a claim fail with an SQLSTATE, as PostgreSQL would report it. */
  async function failWritesWith(state: string): Promise<void> {
    undo = () => asSuperuser(database, 'DROP FUNCTION IF EXISTS failing CASCADE');
    await asSuperuser(
      database,
      `CREATE OR REPLACE FUNCTION failing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'secret text' USING ERRCODE = '${state}'; END $$`,
    );
    await asSuperuser(database, 'CREATE OR REPLACE TRIGGER failing BEFORE INSERT ON claims FOR EACH ROW EXECUTE FUNCTION failing()');
  }

  let undo: (() => Promise<unknown>) | undefined;

  afterEach('it recovers without help once the cause is gone', async () => {
    await undo?.();
    undo = undefined;
    await waitFor('the database to serve again', async () => (await write()).status === 201);
  });

  it('answers reads, refuses writes with 503 and is not ready while the database is read-only', async () => {
    undo = () => alterDatabase('RESET default_transaction_read_only');
    await alterDatabase('SET default_transaction_read_only = on');
    await untilReadinessReports('database_read_only');
    expect(outcomeOf(await write())).to.deep.equal(unavailable);
    expect((await read()).status).to.equal(200);
    await undo();
    await untilReadinessReports(null);
  });

  it('answers 503 and is not ready while the database has no free connection', async () => {
    undo = () => alterDatabase('CONNECTION LIMIT -1');
    await alterDatabase('CONNECTION LIMIT 0');
    expect(outcomeOf(await write())).to.deep.equal(unavailable);
    await untilReadinessReports('database_overloaded');
  });

  it('answers 503 and is not ready while the database refuses connections', async () => {
    undo = () => bringBack(database);
    await takeDown(database);
    expect(outcomeOf(await write())).to.deep.equal(unavailable);
    await untilReadinessReports('database_unreachable');
  });

  it('answers 503 when a lock is not released in time', async () => {
    const lock = new Client({ connectionString: database.superuserUrl });
    await lock.connect();
    await lock.query('BEGIN; LOCK TABLE claims IN ACCESS EXCLUSIVE MODE');
    expect(outcomeOf(await write())).to.deep.equal(unavailable);
    await lock.query('ROLLBACK');
    await lock.end();
  });

  it('answers 503 when connections are dropped in the middle of a statement', async () => {
    const lock = new Client({ connectionString: database.superuserUrl });
    await lock.connect();
    await lock.query('BEGIN; LOCK TABLE claims IN ACCESS EXCLUSIVE MODE');
    const inFlight = Array.from({ length: 5 }, write);
    const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    await waitFor('statements to wait', async () => (await asSuperuser(database, waiting)).length >= 5);
    await lock.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await lock.end();
    for (const reply of await Promise.all(inFlight)) expect(outcomeOf(reply)).to.deep.equal(unavailable);
  });

  for (const state of ['53100', '53200', '53400', '57014', '57P01', '57P02', '57P03', '08006', '40001', '40P01', '58030']) {
    it(`answers 503 without details when a statement fails with ${state}`, async () => {
      await failWritesWith(state);
      const reply = await write();
      expect(outcomeOf(reply)).to.deep.equal(unavailable);
      expect(reply.text).not.to.include('secret text');
    });
  }

  it('answers 500 when a statement fails because of a bug', async () => {
    await failWritesWith('XX000');
    expect(outcomeOf(await write())).to.deep.equal([500, 'internal_error', false]);
  });

  it('reveals neither addresses nor error texts in its readiness while the database is down', async () => {
    undo = () => bringBack(database);
    await takeDown(database);
    await untilReadinessReports('database_unreachable');
    const { status, text, body } = await api.call('GET', '/readyz');
    expect(status).to.equal(503);
    for (const part of Object.values(body['checks'] as Record<string, object>)) {
      expect(part).to.have.all.keys('ok', 'code');
      expect((part as { code: string | null }).code ?? 'none').to.match(/^[a-z_]+$/);
    }
    expect(text).not.to.match(/127\.0\.0\.1|ECONNREFUSED|test_|connections/);
  });
});
