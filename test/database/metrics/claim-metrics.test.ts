import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { clockNames, publicClockNames, systemActor } from '#libs/claims/index.js';
import { PostgresDirectoryProvider } from '#libs/directory/index.js';
import { acceptCommand, lookUpForClaim } from '#libs/inbox/index.js';
import { addClaimMetrics, processMetrics } from '#libs/metrics/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { recordStuck } from '#libs/reconciliation/index.js';
import { addTenants, type ClaimServices, customer, publishBriefProgramme, reviewer, TestClaim } from '../../support/claims.js';
import { bringBack, createTestDatabase, takeDown, type TestDatabase } from '../../support/database.js';

const windowSeconds = 600;

describe('metrics of the installation', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let services: ClaimServices;
  let tenants: { tenantId: string; domain: string }[];

  before(async () => {
    database = await createTestDatabase();
    const { source } = database;
    await publishBriefProgramme(source, 'brief', windowSeconds);
    services = { source, library: new ProgrammeLibrary(source), directory: new PostgresDirectoryProvider(source) };
    tenants = await addTenants(source, 5);
  });

  after(() => database?.close());

  /** Reads the metrics as a scrape does, of a process that has not read them before. Returns each series with its value. */
  async function scrape(): Promise<Map<string, number>> {
    const { source } = database;
    const registry = processMetrics(source);
    addClaimMetrics(registry, source);
    const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('cpor_'));
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
  }

  async function submitted(): Promise<TestClaim> {
    const claim = new TestClaim(services, { programme: 'brief', tenant: tenants.pop()! });
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
    return claim;
  }

  async function inWindow(): Promise<TestClaim> {
    const claim = await submitted();
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    const { noticeId, recipients } = (await claim.row()).state.notices[0]!;
    const acceptedAt = (await database.source.query<[{ now: Date }]>('SELECT cpor_now() AS now'))[0].now.toISOString();
    const results = recipients.map(({ recipientId }) => ({ recipientId, outcome: 'accepted' as const, acceptedAt }));
    await claim.accept('recordNoticeDelivery', systemActor, { noticeId, results });
    await claim.execute();
    return claim;
  }

  const moveClock = (seconds: number) =>
    database.source.query(
      `INSERT INTO sandbox_clock (ahead) VALUES (make_interval(secs => $1)) ON CONFLICT (only_row) DO UPDATE SET ahead = excluded.ahead`,
      [seconds],
    );

  it('has every series at zero before anything happens, and every clock by its public name', async () => {
    const found = await scrape();
    expect(found.get('cpor_claim_metrics_up')).to.equal(1);
    for (const clock of clockNames) expect(found.get(`cpor_overdue_deadlines{clock="${publicClockNames[clock]}"}`)).to.equal(0);
    for (const mail of ['notice', 'letter']) expect(found.get(`cpor_mails_retried{mail="${mail}"}`)).to.equal(0);
    expect(found.get('cpor_checkpoint_age_seconds')).to.equal(-1);
    const others = [...found].filter(([series]) => !/checkpoint|_up$|connections/.test(series));
    expect(others).to.have.length.greaterThan(40);
    for (const [series, value] of others) expect(value, series).to.equal(0);
  });

  it('shows a window that closes soon, then that it is overdue and for how long, until it has acted', async () => {
    const claim = await inWindow();
    const before = await scrape();
    expect(before.get('cpor_open_claims{phase="consent_pending"}')).to.equal(1);
    expect(before.get('cpor_deadlines_within_hour{clock="customer_window"}')).to.equal(1);
    expect(before.get('cpor_overdue_deadlines{clock="customer_window"}')).to.equal(0);

    await moveClock(windowSeconds + 300);
    const late = await scrape();
    expect(late.get('cpor_overdue_deadlines{clock="customer_window"}')).to.equal(1);
    expect(late.get('cpor_oldest_overdue_deadline_seconds{clock="customer_window"}')).to.be.within(290, 400);
    expect(late.get('cpor_deadlines_within_hour{clock="customer_window"}')).to.equal(0);

    await lookUpForClaim(services.directory, services.source, claim.claimId);
    await claim.execute();
    const settled = await scrape();
    expect(settled.get('cpor_overdue_deadlines{clock="customer_window"}')).to.equal(0);
    expect(settled.get('cpor_oldest_overdue_deadline_seconds{clock="customer_window"}')).to.equal(0);
    expect(settled.get('cpor_open_claims{phase="consent_pending"}')).to.equal(0);
  });

  it('counts a command without an outcome, with its age, and a step that keeps failing', async () => {
    const claim = await submitted();
    await acceptCommand(database.source.manager, {
      commandId: randomUUID(),
      claimId: claim.claimId,
      command: { type: 'optOut', actor: customer, body: {} },
      fingerprint: 'one-request',
    });
    const aheadBy = windowSeconds + 420;
    await moveClock(aheadBy);
    await recordStuck(database.source, claim.claimId, 'execute', new Error('broken'));
    const found = await scrape();
    expect(found.get('cpor_commands_waiting')).to.equal(1);
    expect(found.get('cpor_oldest_command_waiting_seconds')).to.be.within(110, 200);
    expect(found.get('cpor_stuck_claims{step="execute"}')).to.equal(1);
    await claim.execute();
    expect((await scrape()).get('cpor_commands_waiting')).to.equal(0);
  });

  it('is absent, and says so, while PostgreSQL does not answer', async () => {
    await takeDown(database);
    const found = await scrape().finally(() => bringBack(database));
    expect(found.get('cpor_claim_metrics_up')).to.equal(0);
    expect([...found.keys()].filter((series) => !series.includes('connections'))).to.deep.equal(['cpor_claim_metrics_up']);
  });
});
