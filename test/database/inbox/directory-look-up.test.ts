import { expect } from 'chai';
import { createDirectory, type DirectoryProvider, PostgresDirectoryProvider } from '#libs/directory/index.js';
import { askDirectory, lookUpForClaim } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { findClaim, waitingOf } from '#libs/read-models/index.js';
import { addTenants, reviewer, TestClaim } from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { TestDirectoryService } from '../../support/directory-service.js';

describe('a directory look-up for a claim', () => {
  let database: TestDatabase;
  let directory: PostgresDirectoryProvider;
  let tenants: { tenantId: string; domain: string }[];

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    directory = new PostgresDirectoryProvider(database.source);
    tenants = await addTenants(database.source, 3);
  });
  after(() => database?.close());

  async function submitted(): Promise<TestClaim> {
    const services = { source: database.source, library: new ProgrammeLibrary(database.source), directory };
    const claim = new TestClaim(services, { tenant: tenants.pop()! });
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
    return claim;
  }

  const add = (claim: TestClaim, line: number, product: string) => {
    const lines = [...claim.details.lines, { line, product, subscriptionId: null, activities: ['usage'] }];
    return claim.accept('editClaim', claim.partner, { changes: { lines } }, { withFacts: false });
  };

  const waits = async (claim: TestClaim): Promise<string[]> => {
    const row = await findClaim(database.source.manager, { kind: 'everything' }, claim.claimId);
    return waitingOf(row!).map((wait) => wait.for);
  };

  it('answers the commands that were pending when it began, and leaves later ones to the next look-up', async () => {
    const claim = await submitted();
    const first = await add(claim, 2, 'sharepoint');
    expect((await claim.execute()).needsDirectory).to.equal(true);
    expect(await waits(claim)).to.deep.equal(['review', 'directory']);
    let second = first;
    const slow: DirectoryProvider = {
      lookUp: async (query) => {
        const answer = await directory.lookUp(query);
        second = await add(claim, 2, 'intune');
        return answer;
      },
    };
    await lookUpForClaim(slow, database.source, claim.claimId);
    expect((await claim.execute()).needsDirectory).to.equal(true);
    expect([await claim.outcome(first.commandId), await claim.outcome(second.commandId)]).to.deep.equal([
      { status: 'done', version: 4 },
      null,
    ]);
    await lookUpForClaim(directory, database.source, claim.claimId);
    expect((await claim.execute()).needsDirectory).to.equal(false);
    expect(await claim.outcome(second.commandId)).to.deep.include({ status: 'done' });
    expect(await waits(claim)).to.deep.equal(['review']);
  });

  it('queries the directory again at the end of a window, however recent the last answer, and records when it answered', async () => {
    const service = new TestDirectoryService(directory);
    await service.start();
    try {
      const remote = createDirectory({ url: service.url, token: service.token }, database.source, { freshMs: 3_600_000_000 });
      const claim = await submitted();
      await claim.accept('approveClaim', reviewer, {});
      await claim.execute();
      const [notice] = (await claim.row()).state.notices;
      const acceptedAt = new Date().toISOString();
      const results = notice!.recipients.map(({ recipientId }) => ({ recipientId, outcome: 'accepted' as const, acceptedAt }));
      const system = { kind: 'system' as const, subject: 'cpor', actsFor: [] };
      await claim.accept('recordNoticeDelivery', system, { noticeId: notice!.noticeId, results });
      await claim.execute();
      await lookUpForClaim(remote, database.source, claim.claimId);
      expect(service.calls).to.have.length(0);
      expect(await waits(claim)).to.deep.equal(['customer']);
      await askDirectory(remote, claim.claimId, claim.details);

      await asSuperuser(database, "INSERT INTO sandbox_clock (ahead) VALUES (interval '20 days')");
      expect((await claim.execute()).needsDirectory).to.equal(true);
      expect(await waits(claim)).to.deep.equal(['customer', 'directory']);
      await lookUpForClaim(remote, database.source, claim.claimId);
      expect(service.calls).to.have.length(2);
      const [answer] = await database.source.query<{ asked_at: Date; said: string }[]>(
        `SELECT asked_at, facts ->> 'askedAt' AS said FROM directory_answers WHERE claim_id = $1 ORDER BY asked_at DESC LIMIT 1`,
        [claim.claimId],
      );
      expect(answer).to.include({ said: service.calls[1]!.body.at });
      expect(answer!.asked_at.toISOString()).to.equal(answer!.said);
      expect((await claim.execute()).position.phase).to.equal('official');
      expect(await waits(claim)).to.deep.equal([]);
    } finally {
      await service.stop();
    }
  });
});
