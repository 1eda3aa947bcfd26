import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { countPendingMigrations, createOwnerDataSource } from '#libs/event-store/index.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('the migrations', () => {
  let database: TestDatabase;
  let owner: DataSource;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase({ isEmpty: true });
    owner = await createOwnerDataSource(database.ownerUrl).initialize();
  });

  after(async () => {
    await owner?.destroy();
    await database?.close();
  });

  /** Columns, keys, indexes and privileges, as the catalogue has them. */
  async function schema(): Promise<unknown[]> {
    return asSuperuser(
      database,
      `SELECT 'column' AS kind, table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS text
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'
       UNION ALL SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migrations'
       UNION ALL SELECT 'constraint', conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'migrations'
       UNION ALL SELECT 'privilege', table_name || ' ' || grantee || ' ' || privilege_type FROM information_schema.role_table_grants
         WHERE table_schema = 'public' AND table_name <> 'migrations'
       UNION ALL SELECT 'function', proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
       UNION ALL SELECT 'sequence', sequencename FROM pg_sequences WHERE schemaname = 'public' AND sequencename NOT LIKE 'migrations%'
       ORDER BY kind, text`,
    );
  }

  it('go up, down to nothing, and up again to the same', async function () {
    this.timeout(60_000);
    const applied = await owner.runMigrations();
    expect(applied).to.not.be.empty;
    const first = await schema();
    expect(await countPendingMigrations(owner)).to.equal(0);
    for (const _ of applied) await owner.undoLastMigration();
    expect(await schema()).to.deep.equal([]);
    expect(await countPendingMigrations(owner)).to.equal(applied.length);
    await owner.runMigrations();
    expect(await schema()).to.deep.equal(first);
  });

  it('have nothing left to do when they are repeated', async () => {
    expect(await owner.runMigrations()).to.deep.equal([]);
  });

  it('leave the events to be added to, and to nothing else', async () => {
    const grants = await asSuperuser<{ privilege_type: string }>(
      database,
      `SELECT privilege_type FROM information_schema.role_table_grants WHERE table_name = 'claim_events' AND grantee = 'cpor_app' ORDER BY 1`,
    );
    expect(grants.map((grant) => grant.privilege_type)).to.deep.equal(['INSERT', 'SELECT']);
  });
});
