import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { listOpenings, makeSnapshot, openSnapshot, revokeSnapshot, verifySnapshots } from '#libs/snapshots/index.js';
import { TestClaim } from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { aSnapshotOf } from '../../support/snapshots.js';
import { TestDirectory } from '../../support/worker.js';

describe('the log of a snapshot', () => {
  let database: TestDatabase;
  let claimId: string;

  beforeEach(async function () {
    this.timeout(60_000);
    database = await createTestDatabase({ poolSize: 20 });
    const { source } = database;
    const claim = new TestClaim({ source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) });
    await claim.draft();
    claimId = claim.claimId;
  });
  afterEach(() => database?.close());

  async function make(): Promise<{ snapshotId: string; token: string }> {
    const snapshot = aSnapshotOf(claimId);
    const made = await makeSnapshot(database.source, snapshot, 50);
    if (made.result !== 'done') throw new Error(made.result);
    return { snapshotId: snapshot.requestId, token: made.token };
  }

  async function check(): Promise<{ snapshots: number; entries: number; broken: string[] }> {
    const found = { snapshots: 0, entries: 0, broken: [] as string[] };
    for await (const { snapshots, entries, broken } of verifySnapshots(database.source.manager)) {
      found.snapshots += snapshots;
      found.entries += entries;
      found.broken.push(...broken.map(({ reason }) => reason));
    }
    return found;
  }

  it('numbers openings without gaps when many open the link at once, and holds until the link is revoked', async () => {
    const { snapshotId, token } = await make();
    await make();
    await Promise.all(Array.from({ length: 40 }, () => openSnapshot(database.source, token)));
    const openings = await listOpenings(database.source, snapshotId, { before: undefined, limit: 100 });
    expect(openings.map(({ sequence }) => sequence)).to.deep.equal(Array.from({ length: 40 }, (_, index) => 41 - index));
    await Promise.all([revokeSnapshot(database.source, snapshotId, 'a'), revokeSnapshot(database.source, snapshotId, 'b')]);
    expect(await openSnapshot(database.source, token)).to.equal(null);
    expect(await check()).to.deep.equal({ snapshots: 2, entries: 43, broken: [] });
  });

  const forgeries: [what: string, sql: string, reason: string][] = [
    ['what the link shows was changed', `UPDATE snapshots SET content = '{}'`, 'content_differs'],
    [
      'what the link shows was changed together with its digest',
      `UPDATE snapshots SET content = '{}', content_sha256 = sha256('{}')`,
      'hash_differs',
    ],
    ['it was made to expire later', `UPDATE snapshots SET expires_at = expires_at + interval '1 day'`, 'hash_differs'],
    ['an opening was moved', `UPDATE snapshot_entries SET at = at - interval '1 hour' WHERE sequence = 2`, 'hash_differs'],
    ['an opening was removed', 'DELETE FROM snapshot_entries WHERE sequence = 2', 'entry_missing'],
    ['the revocation was removed', `DELETE FROM snapshot_entries WHERE kind = 'revoked'`, 'entries_missing_at_end'],
    [
      'an opening was added',
      `INSERT INTO snapshot_entries SELECT snapshot_id, 9, 'opened', at, NULL, hash FROM snapshot_entries WHERE sequence = 2`,
      'entry_added',
    ],
  ];
  for (const [what, sql, reason] of forgeries) {
    it(`reveals that ${what}`, async () => {
      const { snapshotId, token } = await make();
      await openSnapshot(database.source, token);
      await openSnapshot(database.source, token);
      await revokeSnapshot(database.source, snapshotId, 'admin');
      expect((await check()).broken).to.deep.equal([]);
      await asSuperuser(database, sql);
      expect((await check()).broken).to.deep.equal([reason]);
    });
  }

  it('is opened by its own link only', async () => {
    await make();
    expect(await openSnapshot(database.source, randomUUID())).to.equal(null);
    expect(await check()).to.deep.equal({ snapshots: 1, entries: 1, broken: [] });
  });
});
