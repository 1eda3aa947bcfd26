import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { countPendingMigrations, createOwnerDataSource } from '#libs/event-store/index.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';

/** Describes everything that the migrations create, from the catalogue. */
const schemaSql = `
  SELECT 'column' AS kind, table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS text
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'
  UNION ALL SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migrations'
  UNION ALL SELECT 'constraint', conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'migrations'
  UNION ALL SELECT 'privilege', table_name || ' ' || grantee || ' ' || privilege_type FROM information_schema.role_table_grants
    WHERE table_schema = 'public' AND grantee <> 'cpor_owner'
  UNION ALL SELECT 'function', pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'statistics', pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
  UNION ALL SELECT 'sequence', sequencename FROM pg_sequences WHERE schemaname = 'public' AND sequencename NOT LIKE 'migrations%'
  ORDER BY kind, text`;

/** The application's privileges on tables and views, besides reading. An entry such as UPDATE (a, b) is limited to those columns. */
const writeGrantsSql = `
  SELECT relname AS name, array_agg(privilege ORDER BY privilege) AS privileges FROM (
    SELECT relname, privilege_type AS privilege FROM pg_class, aclexplode(relacl)
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND grantee IN (0, 'cpor_app'::regrole) AND privilege_type <> 'SELECT'
    UNION ALL
    SELECT relname, privilege_type || ' (' || string_agg(attname, ', ' ORDER BY attname) || ')'
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, aclexplode(attacl)
    WHERE relnamespace = 'public'::regnamespace AND grantee IN (0, 'cpor_app'::regrole) GROUP BY relname, privilege_type
  ) AS grants GROUP BY relname`;

const append = ['INSERT'];
const update = ['INSERT', 'UPDATE'];
const everything = ['DELETE', 'INSERT', 'UPDATE'];
const expectedWrites: Record<string, string[]> = {
  access_entries: append,
  access_logs: update,
  associations: update,
  calendars: append,
  checkpoints: append,
  claim_commands: ['INSERT', 'UPDATE (fingerprint, hash, outcome, settled_at, settled_number)'],
  claim_events: append,
  claim_import_rows: everything,
  claim_imports: everything,
  claim_lines: everything,
  claims: update,
  contact_exports: append,
  directory_accounts: everything,
  directory_answers: append,
  directory_enrolments: everything,
  directory_locations: everything,
  directory_orders: everything,
  directory_subscriptions: everything,
  directory_tenant_admins: everything,
  directory_tenant_domains: everything,
  directory_tenant_workloads: everything,
  directory_tenants: everything,
  erasure_reports: append,
  erasures: append,
  evidence_files: ['INSERT', 'UPDATE (scan_result, superseded_by)'],
  legal_hold_releases: ['INSERT', 'UPDATE (fingerprint)'],
  legal_holds: ['INSERT', 'UPDATE (fingerprint)'],
  letters: [
    'INSERT',
    'UPDATE (attempted_at, attempts, fault, fault_code, next_attempt_at, outcome, response, settled_at, text_version, trouble, trouble_since)',
  ],
  notice_recipients: update,
  partner_blocks: ['INSERT', 'UPDATE (lifted_at)'],
  partner_subjects: append,
  personal_data: append,
  policies: append,
  policy_withdrawals: append,
  rate_limits: ['DELETE', 'INSERT', 'UPDATE'],
  repairs: append,
  signature_requests: ['INSERT', 'UPDATE (code_hash, code_id, code_tries, person_id, token_hash)'],
  session_ends: append,
  snapshot_entries: append,
  snapshots: ['INSERT', 'UPDATE (fingerprint, last_hash, last_sequence, token_hash)'],
  sessions: ['DELETE', 'INSERT', 'UPDATE (access_expires_at, sealed_tokens, used_at)'],
  role_assignments: everything,
  role_changes: append,
  stuck_claims: everything,
  usage_import_errors: ['DELETE', 'INSERT'],
  usage_imports: update,
  usage_refusals: append,
  usage_rows: ['DELETE', 'INSERT'],
  used_logout_tokens: ['DELETE', 'INSERT'],
  webhook_deliveries: everything,
  webhook_dispatch: ['UPDATE'],
  webhook_endpoints: everything,
  write_probe: ['UPDATE'],
};

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

  it('can be applied, reverted completely, and applied again with the same result', async function () {
    this.timeout(60_000);
    const readSchema = () => asSuperuser(database, schemaSql);
    const applied = await owner.runMigrations();
    expect(applied).to.not.be.empty;
    const first = await readSchema();
    expect(await countPendingMigrations(owner)).to.equal(0);
    for (const _ of applied) await owner.undoLastMigration();
    expect(await readSchema()).to.deep.equal([]);
    expect(await countPendingMigrations(owner)).to.equal(applied.length);
    await owner.runMigrations();
    expect(await readSchema()).to.deep.equal(first);
  });

  it('change nothing when they are run again', async () => {
    expect(await owner.runMigrations()).to.deep.equal([]);
  });

  it('let the application write only where it must', async () => {
    const grants = await asSuperuser<{ name: string; privileges: string[] }>(database, writeGrantsSql);
    expect(Object.fromEntries(grants.map(({ name, privileges }) => [name, privileges]))).to.deep.equal(expectedWrites);
  });

  it('let the application read every table', async () => {
    const unreadable = await asSuperuser(
      database,
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND NOT has_table_privilege('cpor_app', oid, 'SELECT')`,
    );
    expect(unreadable).to.deep.equal([]);
  });

  it("let the application use the owner's privileges only to erase, and to give feed events their places", async () => {
    const callable = await asSuperuser<{ name: string }>(
      database,
      `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef AND has_function_privilege('cpor_app', oid, 'EXECUTE')
       AND prorettype <> 'trigger'::regtype ORDER BY 1`,
    );
    expect(callable.map(({ name }) => name)).to.deep.equal(['assign_feed_places', 'erase_evidence', 'erase_personal_data']);
  });
});
