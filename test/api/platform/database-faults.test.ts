import { expect } from 'chai';
import { Client } from 'pg';
import { completeClaim, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { asSuperuser, bringBack, createTestDatabase, takeDown, type TestDatabase } from '../../support/database.js';
import { createTestNamespace, type TestNamespace } from '../../support/temporal.js';
import { waitFor } from '../../support/wait.js';

/** What the database says to the application while it cannot serve, and what the API makes of it. */
describe('The API while its database', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  /** There, so that readiness need not wait for it. */
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
  const told = ({ status, headers, body }: Reply) => [status, body['code'], Number(headers.get('retry-after')) > 0];
  const databaseCheck = async () => (await api.call('GET', '/readyz')).body['checks']['database'] as { ok: boolean; code: string | null };
  /** From outside, where the database's own settings do not hold. They are those of its next connections. */
  async function setting(text: string): Promise<void> {
    const postgres = { superuserUrl: database.superuserUrl.replace(database.name, 'postgres') };
    await asSuperuser(postgres, `ALTER DATABASE ${database.name} ${text}`);
    await asSuperuser(postgres, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database.name]);
  }
  const unavailable = [503, 'service_unavailable', true];

  async function untilReadinessSays(code: string | null): Promise<void> {
    let seen: string | null = '';
    await waitFor(`readiness to say ${code}`, async () => (seen = (await databaseCheck()).code) === code).catch((error: Error) => {
      throw new Error(`${error.message} It says ${seen}.`);
    });
    expect((await databaseCheck()).ok).to.equal(code === null);
    expect((await api.call('GET', '/livez')).status).to.equal(200);
  }

  /** Has the next statements that write claims fail with a code, as PostgreSQL itself would send it. */
  async function failWritesWith(state: string): Promise<void> {
    undo = () => asSuperuser(database, 'DROP FUNCTION IF EXISTS failing CASCADE');
    await asSuperuser(
      database,
      `CREATE OR REPLACE FUNCTION failing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'secret words' USING ERRCODE = '${state}'; END $$`,
    );
    await asSuperuser(database, 'CREATE OR REPLACE TRIGGER failing BEFORE INSERT ON claims FOR EACH ROW EXECUTE FUNCTION failing()');
  }

  let undo: (() => Promise<unknown>) | undefined;

  afterEach('it serves again by itself once the cause is gone', async () => {
    await undo?.();
    undo = undefined;
    await waitFor('the database to serve again', async () => (await write()).status === 201);
  });

  it('is read only: asks to be called again, reads on, and is not ready', async () => {
    undo = () => setting('RESET default_transaction_read_only');
    await setting('SET default_transaction_read_only = on');
    await untilReadinessSays('database_read_only');
    expect(told(await write())).to.deep.equal(unavailable);
    expect((await read()).status).to.equal(200);
    await undo();
    await untilReadinessSays(null);
  });

  it('has no connection left', async () => {
    undo = () => setting('CONNECTION LIMIT -1');
    await setting('CONNECTION LIMIT 0');
    expect(told(await write())).to.deep.equal(unavailable);
    await untilReadinessSays('database_overloaded');
  });

  it('lets nobody in', async () => {
    undo = () => bringBack(database);
    await takeDown(database);
    expect(told(await write())).to.deep.equal(unavailable);
    await untilReadinessSays('database_unreachable');
  });

  it('waits for a lock that somebody keeps', async () => {
    const lock = new Client({ connectionString: database.superuserUrl });
    await lock.connect();
    await lock.query('BEGIN; LOCK TABLE claims IN ACCESS EXCLUSIVE MODE');
    expect(told(await write())).to.deep.equal(unavailable);
    await lock.query('ROLLBACK');
    await lock.end();
  });

  it('drops every connection in the middle of their statements', async () => {
    const lock = new Client({ connectionString: database.superuserUrl });
    await lock.connect();
    await lock.query('BEGIN; LOCK TABLE claims IN ACCESS EXCLUSIVE MODE');
    const underWay = Array.from({ length: 5 }, write);
    const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    await waitFor('statements to wait', async () => (await asSuperuser(database, waiting)).length >= 5);
    await lock.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await lock.end();
    for (const reply of await Promise.all(underWay)) expect(told(reply)).to.deep.equal(unavailable);
  });

  for (const state of ['53100', '53200', '53400', '57014', '57P01', '57P02', '57P03', '08006', '40001', '40P01', '58030']) {
    it(`fails with ${state}`, async () => {
      await failWritesWith(state);
      const reply = await write();
      expect(told(reply)).to.deep.equal(unavailable);
      expect(reply.text).not.to.include('secret words');
    });
  }

  it('fails for a reason of the statement itself, which is a fault of ours', async () => {
    await failWritesWith('XX000');
    expect(told(await write())).to.deep.equal([500, 'internal_error', false]);
  });

  it('is not there, and says nothing of addresses or errors to whoever asks', async () => {
    undo = () => bringBack(database);
    await takeDown(database);
    await untilReadinessSays('database_unreachable');
    const { status, text, body } = await api.call('GET', '/readyz');
    expect(status).to.equal(503);
    for (const part of Object.values(body['checks'] as Record<string, object>)) {
      expect(part).to.have.all.keys('ok', 'code');
      expect((part as { code: string | null }).code ?? 'none').to.match(/^[a-z_]+$/);
    }
    expect(text).not.to.match(/127\.0\.0\.1|ECONNREFUSED|test_|connections/);
  });
});
