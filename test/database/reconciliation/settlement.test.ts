import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { systemActor } from '#libs/claims/index.js';
import { type DirectoryProvider, PostgresDirectoryProvider } from '#libs/directory/index.js';
import { acceptCommand } from '#libs/inbox/index.js';
import { countOverdue, countStuck, OverdueWatch, settleOverdue, SharedDeadlines } from '#libs/reconciliation/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { settlement } from '../../../temporal.config.js';
import { addTenants, type ClaimServices, customer, publishBriefProgramme, reviewer, TestClaim } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { TestDirectory } from '../../support/worker.js';

const windowMs = 1_000;

describe('the settlement of overdue claims', () => {
  let database: TestDatabase;
  let services: ClaimServices & { directory: TestDirectory };
  let tenants: { tenantId: string; domain: string }[];

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase({ poolSize: 24 });
    const { source } = database;
    await publishBriefProgramme(source, 'brief', windowMs / 1000);
    services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    tenants = await addTenants(source, 160);
  });

  after(() => database?.close());

  /** Settles without waking workflows: these tests execute the claims themselves. */
  const settle = (more: { directory?: DirectoryProvider } = {}) =>
    settleOverdue({ ...services, engine: { wake: () => Promise.resolve() }, ...more });

  let aheadMs = 0;
  /** Returns the product's time, which a test may move. */
  const now = () => Date.now() + aheadMs;

  async function advanceClock(ms: number): Promise<void> {
    aheadMs += ms;
    await services.source.query(
      `INSERT INTO sandbox_clock (ahead) VALUES ($1 * interval '1 millisecond') ON CONFLICT (only_row) DO UPDATE SET ahead = excluded.ahead`,
      [aheadMs],
    );
  }

  /** Creates an approved claim whose notice is in flight. */
  async function approved(): Promise<TestClaim> {
    const claim = new TestClaim(services, { programme: 'brief', tenant: tenants.pop()! });
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    return claim;
  }

  /** Opens the window so that it ends at an instant. */
  async function open(claim: TestClaim, closesAt: number): Promise<void> {
    const acceptedAt = new Date(closesAt - windowMs).toISOString();
    const { noticeId, recipients } = (await claim.row()).state.notices[0]!;
    const results = recipients.map(({ recipientId }) => ({ recipientId, outcome: 'accepted' as const, acceptedAt }));
    await claim.accept('recordNoticeDelivery', systemActor, { noticeId, results });
    await claim.execute();
  }

  const optOut = (claim: TestClaim) =>
    acceptCommand(services.source.manager, {
      commandId: randomUUID(),
      claimId: claim.claimId,
      command: { type: 'optOut', actor: customer, body: {} },
      fingerprint: 'one-request',
    });

  /** Returns a claim's events without the data that differs between any two claims. */
  const comparableEvents = async (claim: TestClaim) =>
    (await claim.events()).map(({ type, at, data, by, version }) => ({
      type,
      at: type === 'LinesMadeOfficial' || type === 'CustomerDeclined' ? at : '',
      by,
      version,
      lines: (data as { lines?: unknown[] }).lines?.length,
    }));

  it('treats each claim as its own workflow would', async () => {
    const claims = await Promise.all(Array.from({ length: 4 }, approved));
    const [alone, together, refusedAlone, refusedTogether] = claims as [TestClaim, TestClaim, TestClaim, TestClaim];
    const closesAt = now() + 60_000;
    for (const claim of claims) await open(claim, closesAt);
    const [first, second] = [await optOut(refusedAlone), await optOut(refusedTogether)];
    await advanceClock(60_005);
    for (const claim of [alone, refusedAlone]) {
      const { facts } = await claim.command('submitClaim', claim.partner, {});
      await services.source.query('INSERT INTO directory_answers (claim_id, asked_at, facts) VALUES ($1, $2, $3)', [
        claim.claimId,
        facts!.askedAt,
        facts,
      ]);
      await claim.execute();
    }
    expect(await settle()).to.deep.equal({ settled: 2, left: 0, setAside: 0 });
    expect(await comparableEvents(together)).to.deep.equal(await comparableEvents(alone));
    expect(await together.phase()).to.equal('official');
    expect((await together.events()).at(-1)!.at).to.equal(new Date(closesAt + 1).toISOString());
    for (const [claim, stored] of [
      [refusedAlone, first],
      [refusedTogether, second],
    ] as const) {
      expect(await claim.phase()).to.equal('rejected');
      const receivedAt = 'command' in stored ? stored.command.receivedAt : '';
      expect((await claim.events()).at(-1)).to.deep.include({ type: 'CustomerDeclined', at: receivedAt });
    }
    expect(await countOverdue(services.source, 10)).to.equal(0);
    expect(await settle()).to.deep.equal({ settled: 0, left: 0, setAside: 0 });
  });

  it('honours every last-moment opt-out, however many windows close together', async function () {
    this.timeout(60_000);
    const claims: TestClaim[] = [];
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        while (claims.length < 60) claims.push(await approved());
      }),
    );
    const closesAt = now() + 3_000;
    await Promise.all(claims.map((claim) => open(claim, closesAt)));
    const answers = claims.map(async (claim) => {
      await new Promise((resolve) => setTimeout(resolve, closesAt - 600 + Math.random() * 800 - now()));
      const stored = await optOut(claim);
      return 'command' in stored ? stored.command.receivedAt : '';
    });
    const rounds = (async () => {
      while (now() < closesAt + 400) await settle();
    })();
    const receivedAt = await Promise.all(answers);
    await rounds;
    // On a busy machine the last round may have begun before the windows closed.
    await settle();
    for (const claim of claims) await claim.execute();
    const deadline = new Date(closesAt).toISOString();
    const counts = { inTime: 0, late: 0 };
    for (const [index, claim] of claims.entries()) {
      const isInTime = receivedAt[index]! <= deadline;
      counts[isInTime ? 'inTime' : 'late']++;
      expect(await claim.phase(), `received at ${receivedAt[index]}`).to.equal(isInTime ? 'rejected' : 'ended');
    }
    expect(counts.inTime, 'opt-outs in time').to.be.greaterThan(5);
    expect(counts.late, 'late opt-outs').to.be.greaterThan(5);
  });

  it('leaves windows to their workflows while the directory is down', async () => {
    const claim = await approved();
    await open(claim, now() + 60_000);
    await advanceClock(60_005);
    const down = { lookUp: () => Promise.reject(new Error('The directory is down.')) };
    expect(await settle({ directory: down })).to.deep.equal({ settled: 0, left: 1, setAside: 0 });
    expect(await claim.phase()).to.equal('consent_pending');
    expect(await settle()).to.deep.equal({ settled: 1, left: 0, setAside: 0 });
  });

  /** Creates claims whose consent window has closed without being processed. */
  async function overdue(count: number): Promise<TestClaim[]> {
    const claims = await Promise.all(Array.from({ length: count }, approved));
    const closesAt = now() + 60_000;
    for (const claim of claims) await open(claim, closesAt);
    await advanceClock(60_005);
    return claims;
  }
  const phases = (claims: TestClaim[]) => Promise.all(claims.map((claim) => claim.phase()));
  const stuck = (claimId: string) => services.source.query('SELECT step, fault, attempts FROM stuck_claims WHERE claim_id = $1', [claimId]);

  for (const [how, lookUpMany] of [
    ['one by one', undefined],
    ['together', () => Promise.reject(new Error('One of them cannot be read.'))],
  ] as const) {
    it(`settles the other claims when the directory, queried ${how}, has no answer for one`, async () => {
      const [unanswered, ...others] = await overdue(4);
      const { tenantId } = (await unanswered!.row()).state.details;
      const provider = new PostgresDirectoryProvider(services.source);
      const directory: DirectoryProvider = {
        lookUp: (query) => (query.tenantId === tenantId ? Promise.reject(new Error('name of a person')) : provider.lookUp(query)),
        ...(lookUpMany && { lookUpMany }),
      };
      expect(await settle({ directory })).to.deep.equal({ settled: 3, left: 0, setAside: 1 });
      expect(await phases(others)).to.deep.equal(['official', 'official', 'official']);
      expect(await phases([unanswered!])).to.deep.equal(['consent_pending']);
      expect(await stuck(unanswered!.claimId)).to.deep.equal([{ step: 'look_up', fault: 'The step ended with Error.', attempts: 1 }]);
      expect(await countStuck(services.source)).to.include({ claims: 1 });

      // It is set aside for a while and then retried.
      expect(await settle()).to.deep.equal({ settled: 0, left: 0, setAside: 0 });
      await services.source.query('UPDATE stuck_claims SET next_at = clock_timestamp()');
      expect(await settle()).to.deep.equal({ settled: 1, left: 0, setAside: 0 });
      expect(await phases([unanswered!])).to.deep.equal(['official']);
      expect(await countStuck(services.source)).to.deep.equal({ claims: 0, since: null });
    });
  }

  it('sets a claim that cannot be executed aside for increasing periods', async () => {
    const [failing, other] = await overdue(2);
    // An answer that no look-up would store, so that the rules fail on it.
    const broken = { askedAt: '2999-01-01T00:00:00.000Z', location: {}, tenant: {}, identifiers: {} };
    const insert = 'INSERT INTO directory_answers (claim_id, asked_at, facts) VALUES ($1, $2, $3)';
    await services.source.query(insert, [failing!.claimId, broken.askedAt, broken]);
    for (const attempts of [1, 2, 3]) {
      const report = await settle();
      expect(report).to.deep.equal({ settled: attempts === 1 ? 1 : 0, left: 0, setAside: 1 });
      expect(await stuck(failing!.claimId)).to.deep.equal([{ step: 'execute', fault: 'The step ended with TypeError.', attempts }]);
      await services.source.query('UPDATE stuck_claims SET next_at = clock_timestamp()');
    }
    await services.source.query(
      `INSERT INTO directory_answers (claim_id, asked_at, facts)
       SELECT claim_id, '2999-01-02', jsonb_set(facts, '{askedAt}', '"2999-01-02T00:00:00.000Z"') FROM directory_answers
       WHERE claim_id = $1 AND facts -> 'location' ? 'partnerId' LIMIT 1`,
      [failing!.claimId],
    );
    expect(await settle()).to.deep.equal({ settled: 1, left: 0, setAside: 0 });
    expect(await phases([other!])).to.deep.equal(['official']);
  });

  it('gets the same answers from one query for many claims as from a query for each', async () => {
    const provider = new PostgresDirectoryProvider(services.source);
    const at = new Date().toISOString();
    const queries = [
      ...tenants.slice(0, 2).map(({ tenantId }) => ({ partnerId: '1240371', tenantId, identifiers: ['nothing-of-ours', tenantId], at })),
      { partnerId: '48213', tenantId: 'no-guid', identifiers: [], at },
      { partnerId: '0', tenantId: randomUUID(), identifiers: [randomUUID()], at },
    ];
    const answers = await Promise.all(queries.map((query) => provider.lookUp(query)));
    expect(await provider.lookUpMany(queries)).to.deep.equal(answers);
    expect(answers.map(({ tenant }) => tenant === null)).to.deep.equal([false, false, true, true]);
  });

  it('spreads the alarms of claims only if enough of them share a deadline', async () => {
    const claims = await Promise.all(Array.from({ length: settlement.fromClaims }, approved));
    const shared = now() + 60_000;
    for (const claim of claims.slice(1)) await open(claim, shared);
    const at = new Date(shared).toISOString();
    const wakeAfter = (claimId: string) => new SharedDeadlines(services.source).wakeAfter(claimId, at);
    expect(await wakeAfter(claims[1]!.claimId)).to.equal(0);
    await open(claims[0]!, shared);
    const longest = (claims.length / settlement.alarmsPerSecond) * 1000;
    expect(await wakeAfter('00000000-0000-4000-8000-000000000000')).to.equal(0);
    expect(await wakeAfter('80000000-0000-4000-8000-000000000000')).to.equal(longest / 2);
    expect(await wakeAfter('ffffffff-0000-4000-8000-000000000000')).to.be.within(longest - 1, longest);
  });

  it('fires the first alarms of a deadline at once, and the others when their batch should be complete', async () => {
    const claims = await Promise.all(Array.from({ length: 2 * settlement.fromClaims }, approved));
    const shared = now() + 60_000;
    for (const claim of claims) await open(claim, shared);
    const deadlines = new SharedDeadlines(services.source);
    const wakeAfter = (claimId: string) => deadlines.wakeAfter(claimId, new Date(shared).toISOString());
    const batchMs = settlement.shortestBatchSeconds * 1000;
    const spreadMs = (claims.length / settlement.alarmsPerSecond) * 1000;
    expect(await wakeAfter('00000000-0000-4000-8000-000000000000')).to.equal(0);
    expect(await wakeAfter('40000000-0000-4000-8000-000000000000')).to.equal(spreadMs / 4);
    expect(await wakeAfter('80000000-0000-4000-8000-000000000000')).to.equal(Math.floor(batchMs + spreadMs / 2));
  });

  it('is started when many claims are overdue, at most once a second', async () => {
    let wakeUps = 0;
    const deadlines = new OverdueWatch(services.source, () => {
      wakeUps++;
      return Promise.resolve();
    });
    await deadlines.settleIfMany();
    expect(wakeUps).to.equal(0);
    await services.source.query(
      `UPDATE claims SET alarm_at = cpor_now() - interval '1 second' WHERE is_open AND alarm_at BETWEEN cpor_now() AND cpor_now() + interval '2 minutes'`,
    );
    const others = new OverdueWatch(services.source, () => {
      wakeUps++;
      return Promise.resolve();
    });
    await Promise.all([others.settleIfMany(), others.settleIfMany(), others.settleIfMany()]);
    expect(wakeUps).to.equal(1);
  });
});
