import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type Access, type BrokenLog, listAccesses, recordAccesses, verifyAccessLogs } from '#libs/access-log/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { TestClaim } from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { TestDirectory } from '../../support/worker.js';

const cli = fileURLToPath(new URL('../../../apps/cli/src/main.js', import.meta.url));

describe('the access logs', () => {
  let database: TestDatabase;
  let claimId: string;
  const tenants = Array.from({ length: 3 }, () => randomUUID()).sort();

  beforeEach(async function () {
    this.timeout(60_000);
    database = await createTestDatabase({ poolSize: 20 });
    const { source } = database;
    const claim = new TestClaim({ source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) });
    await claim.draft();
    claimId = claim.claimId;
  });
  afterEach(() => database?.close());

  const access = (tenantId: string, more: Partial<Access> = {}): Access => ({
    accessId: randomUUID(),
    at: new Date().toISOString(),
    kind: 'read',
    subject: 'viewer',
    partnerAccountId: 'evergreen',
    partnerId: '1240371',
    tenantId,
    associationId: randomUUID(),
    claimId,
    target: `workload:${tenantId}:exchange`,
    set: 'workload_usage',
    fromMonth: '2026-01-01',
    toMonth: null,
    rows: 3,
    ...more,
  });

  const write = (accesses: Access[]) => database.source.transaction((manager) => recordAccesses(manager, accesses));

  async function check(): Promise<{ entries: number; broken: BrokenLog[] }> {
    const found = { entries: 0, broken: [] as BrokenLog[] };
    for await (const { entries, broken } of verifyAccessLogs(database.source.manager)) {
      found.entries += entries;
      found.broken.push(...broken);
    }
    return found;
  }

  it('number the entries of each customer without gaps during concurrent writes', async () => {
    const rounds = Array.from({ length: 40 }, (_, round) => tenants.map((tenantId) => access(tenantId)).sort(() => (round % 2) - 0.5));
    await Promise.all(rounds.map(write));
    for (const tenantId of tenants) {
      const entries = await listAccesses(database.source.manager, tenantId, { limit: 100 });
      expect(entries.map(({ sequence }) => sequence)).to.deep.equal(Array.from({ length: 40 }, (_, index) => 40 - index));
    }
    expect(await check()).to.deep.equal({ entries: 120, broken: [] });
  });

  it('pass a check in pages during concurrent writes', async () => {
    await write(Array.from({ length: 2_300 }, () => access(tenants[0]!)));
    const writing = Promise.all(Array.from({ length: 20 }, () => write([access(tenants[0]!), access(tenants[1]!)])));
    expect((await check()).broken).to.deep.equal([]);
    await writing;
    expect(await check()).to.deep.equal({ entries: 2_340, broken: [] });
  });

  for (const statement of [
    'UPDATE access_entries SET row_count = 0',
    'DELETE FROM access_entries',
    'TRUNCATE access_entries',
    'DELETE FROM access_logs',
    "UPDATE usage_refusals SET subject = 'nobody'",
    'DELETE FROM usage_refusals',
    'TRUNCATE usage_refusals',
  ]) {
    it(`do not allow the application to run "${statement}"`, async () => {
      const fault = await database.source.query(statement).catch((error: { driverError: { code: string } }) => error.driverError.code);
      expect(fault).to.equal('42501');
    });
  }

  const tamperings: Record<string, { statement: string; sequence: number; reason: BrokenLog['reason'] }> = {
    'a changed entry': {
      statement: "UPDATE access_entries SET subject = 'nobody' WHERE tenant_id = $1 AND sequence = 2",
      sequence: 2,
      reason: 'hash_differs',
    },
    'an entry that is gone from the middle': {
      statement: 'DELETE FROM access_entries WHERE tenant_id = $1 AND sequence = 2',
      sequence: 2,
      reason: 'entry_missing',
    },
    'an entry that is gone from the end': {
      statement: 'DELETE FROM access_entries WHERE tenant_id = $1 AND sequence = 3',
      sequence: 3,
      reason: 'entries_missing_at_end',
    },
    'an entry that is gone from the end, with the log made to fit': {
      statement: `WITH gone AS (DELETE FROM access_entries WHERE tenant_id = $1 AND sequence = 3)
        UPDATE access_logs SET last_sequence = 2 WHERE tenant_id = $1`,
      sequence: 2,
      reason: 'hash_differs',
    },
    'a log whose end is gone': {
      statement: 'DELETE FROM access_logs WHERE tenant_id = $1',
      sequence: 1,
      reason: 'entry_added',
    },
    'an entry that was never recorded': {
      statement: `INSERT INTO access_entries SELECT tenant_id, 4, access_id, at, kind, subject, partner_account_id, partner_id, association_id,
        claim_id, target, set_name, from_month, to_month, row_count, hash FROM access_entries WHERE tenant_id = $1 AND sequence = 3`,
      sequence: 4,
      reason: 'entry_added',
    },
  };
  for (const [what, { statement, sequence, reason }] of Object.entries(tamperings)) {
    it(`reveal ${what} even if the superuser did it`, async () => {
      for (let round = 0; round < 3; round++) await write(tenants.map((tenantId) => access(tenantId)));
      await asSuperuser(database, statement, [tenants[1]!]);
      expect((await check()).broken).to.deep.equal([{ tenantId: tenants[1], sequence, reason }]);
    });
  }

  it('are checked by "cpor verify"', async () => {
    await write([access(tenants[0]!)]);
    const env = { PATH: process.env['PATH'], DATABASE_URL: database.appUrl, CPOR_MODE: 'sandbox' };
    const { stdout } = await promisify(execFile)(process.execPath, [cli, 'verify'], { env });
    expect(stdout).to.match(/Checked 1 entries of 1 access logs: every chain is intact\.\n/);
    await asSuperuser(database, 'UPDATE access_entries SET row_count = 0');
    const failure = await promisify(execFile)(process.execPath, [cli, 'verify'], { env }).catch(
      (error: { code: number; stdout: string }) => error,
    );
    expect(failure).to.include({ code: 1 });
    expect(failure.stdout).to.include(`BROKEN access log of tenant ${tenants[0]} at entry 1: the entry was changed.`);
  });
});
