import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { EntityManager } from 'typeorm';
import { systemActor } from '#libs/claims/index.js';
import { acceptCommand, executeWithin, type NewCommand } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { addTenants, type ClaimServices, customer, publishBriefProgramme, reviewer, TestClaim } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { countOf } from '../../support/extent.js';
import { TestDirectory } from '../../support/worker.js';
import { waitFor } from '../../support/wait.js';

type Accept = (manager: EntityManager, command: NewCommand) => Promise<unknown>;

/** The inbox as it must not be: the clock is read without the claim's lock. */
const acceptWithoutLock: Accept = (manager, { commandId, claimId, command, fingerprint }) =>
  manager.query(
    `WITH claim AS (SELECT claim_id FROM claims WHERE claim_id = $2)
     INSERT INTO claim_commands (command_id, claim_id, type, actor, body, fingerprint, received_at)
     SELECT $1, claim_id, $3, $4, $5, $6, cpor_now() FROM claim`,
    [commandId, claimId, command.type, command.actor, command.body, fingerprint],
  );

const windowMs = 1_000;
/** How many windows close while two opt-outs arrive for each; a twelfth as many close against sixteen opt-outs. */
const windows = countOf('CPOR_WINDOWS', 240, 1_400);
const products = ['exchange', 'sharepoint', 'teams', 'intune', 'proplus', 'yammer', 'viva_insights', 'teams_phone'];

describe('the end of the customer’s window', () => {
  let database: TestDatabase;
  let services: ClaimServices;
  let targets: { tenant: { tenantId: string; domain: string }; product: string }[];

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase({ poolSize: 32 });
    const { source } = database;
    await publishBriefProgramme(source, 'brief', windowMs / 1000);
    services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    const tenants = await addTenants(source, 300);
    targets = tenants.flatMap((tenant) => products.map((product) => ({ tenant, product })));
  });

  after(() => database?.close());

  /** Creates an approved claim whose notice is in flight. */
  async function approved(): Promise<TestClaim> {
    const { tenant, product } = targets.pop()!;
    const claim = new TestClaim(services, { programme: 'brief', tenant, products: [product] });
    await claim.draft();
    const evidence = {
      evidenceId: randomUUID(),
      sha256: '0'.repeat(64),
      signedOn: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
      cover: null,
    };
    await claim.accept('addEvidence', claim.partner, { evidence });
    await claim.accept('submitClaim', claim.partner, {});
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    return claim;
  }

  /** Opens the window so that it ends `inMs` from now. */
  async function open(claim: TestClaim, inMs: number): Promise<string> {
    const [{ state }] = await services.source.query('SELECT state FROM claims WHERE claim_id = $1', [claim.claimId]);
    const acceptedAt = new Date(Date.now() + inMs - windowMs).toISOString();
    const { noticeId, recipients } = state.notices[0];
    const results = recipients.map(({ recipientId }: { recipientId: string }) => ({ recipientId, outcome: 'accepted', acceptedAt }));
    await claim.accept('recordNoticeDelivery', systemActor, { noticeId, results });
    await claim.execute();
    return (await claim.row()).state.notices[0]!.closesAt!;
  }

  const optOut = (claim: TestClaim): NewCommand => ({
    commandId: randomUUID(),
    claimId: claim.claimId,
    command: { type: 'optOut', actor: customer, body: {} },
    fingerprint: 'one-request',
  });

  /** Stores a directory answer recent enough for any closing, so that the race is between the closing and the opt-outs alone. */
  async function storeAnswerAhead(claim: TestClaim): Promise<void> {
    const { facts } = await claim.command('submitClaim', claim.partner, {});
    const askedAt = new Date(Date.now() + 60_000).toISOString();
    await services.source.query('INSERT INTO directory_answers (claim_id, asked_at, facts) VALUES ($1, $2, $3)', [
      claim.claimId,
      askedAt,
      { ...facts, askedAt },
    ]);
  }

  const untilMs = (instant: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, instant - Date.now())));

  interface Tally {
    declined: number;
    official: number;
    /** Opt-outs that were received in time but overlooked by the closing. */
    lost: number;
    /** Opt-outs that were not decided in the order received. */
    misordered: number;
  }

  /** Closes windows while opt-outs arrive around their deadlines, each opt-out and each closing on its own connection. */
  async function race(windows: number, optOuts: number): Promise<Tally> {
    const claims: TestClaim[] = [];
    const makers = Array.from({ length: 4 }, async () => {
      while (claims.length < windows) claims.push(await approved());
    });
    await Promise.all(makers);
    const queue = [...claims];
    const drivers = Array.from({ length: optOuts > 4 ? 2 : 6 }, async () => {
      for (let claim = queue.pop(); claim !== undefined; claim = queue.pop()) await raceOne(claim, optOuts);
    });
    await Promise.all(drivers);
    return tally(claims);
  }

  /**
   * When opt-outs are sent, in milliseconds after the deadline. Timers and the database add a delay that grows with the load, so the aim
   * moves later whenever an opt-out was in time and earlier whenever none was: both sides of the deadline are hit. Repeated misses on the
   * same side double the correction.
   */
  const aim = { atMs: -4, byMs: 1 };

  function correctAim(wasInTime: boolean): void {
    const isSameSide = wasInTime === aim.byMs > 0;
    aim.byMs = isSameSide ? Math.sign(aim.byMs) * Math.min(64, Math.abs(aim.byMs) * 2) : -Math.sign(aim.byMs);
    aim.atMs += aim.byMs;
  }

  async function raceOne(claim: TestClaim, optOuts: number): Promise<void> {
    await storeAnswerAhead(claim);
    const dueAt = Date.parse(await open(claim, 40 + Math.max(0, -2 * aim.atMs)));
    const aroundDeadline = () => dueAt + aim.atMs + (Math.random() - 0.5) * 16;
    await Promise.all([
      ...Array.from({ length: optOuts }, () => untilMs(aroundDeadline()).then(() => acceptCommand(services.source.manager, optOut(claim)))),
      ...[0, 1, 2, 4].map((after) => untilMs(dueAt + after).then(() => claim.execute())),
    ]);
    await claim.execute();
    correctAim((await claim.phase()) === 'rejected');
  }

  /** Compares the end of each claim with the instants its opt-outs were received. */
  async function tally(claims: TestClaim[]): Promise<Tally> {
    const count = { declined: 0, official: 0, lost: 0, misordered: 0 };
    for (const claim of claims) {
      const commands = await services.source.query<{ received_at: Date; outcome: { status: string } | null }[]>(
        `SELECT received_at, outcome FROM claim_commands WHERE claim_id = $1 AND type = 'optOut' ORDER BY received_at, sequence`,
        [claim.claimId],
      );
      expect(commands.every((command) => command.outcome !== null)).to.equal(true);
      const events = await claim.events();
      const deadline = events.flatMap((event) => (event.type === 'NoticeAccepted' ? event.data.clocks : []))[0]!.deadline.dueAt;
      const first = commands[0]!.received_at.toISOString();
      const outcome = events
        .filter(({ type }) => ['CustomerDeclined', 'LinesMadeOfficial', 'AssociationEnded'].includes(type))
        .map(({ type, at }) => `${type} ${at}`);
      const isInTime = first <= deadline;
      const officialAt = new Date(Date.parse(deadline) + 1).toISOString();
      const expected = isInTime ? [`CustomerDeclined ${first}`] : [`LinesMadeOfficial ${officialAt}`, `AssociationEnded ${first}`];
      if (isInTime && outcome[0]?.startsWith('LinesMadeOfficial')) count.lost++;
      else if (outcome.join() !== expected.join()) count.misordered++;
      else if (isInTime) count.declined++;
      else count.official++;
    }
    return count;
  }

  it('decides each opt-out by the instant it was received, in hundreds of windows', async function () {
    this.timeout(240_000);
    const few = await race(windows, 2);
    const many = await race(Math.ceil(windows / 12), 16);
    expect(few).to.include({ lost: 0, misordered: 0 });
    expect(many).to.include({ lost: 0, misordered: 0 });
    // Proves that opt-outs arrived on both sides of the deadline.
    expect(few.declined).to.be.greaterThan(windows / 14);
    expect(few.official).to.be.greaterThan(windows / 14);
  });

  /** Sends an opt-out before the deadline to a claim that stays locked until its window has closed. */
  async function optOutUnderLock(accept: Accept): Promise<Tally> {
    const claim = await approved();
    await storeAnswerAhead(claim);
    const dueAt = await open(claim, 500);
    let arriving: Promise<unknown> = Promise.resolve();
    await services.source.transaction(async (manager) => {
      await manager.query('SELECT FROM claims WHERE claim_id = $1 FOR UPDATE', [claim.claimId]);
      arriving = accept(services.source.manager, optOut(claim));
      await waitFor('the deadline to pass with the opt-out blocked', async () => {
        // On another connection: within a transaction, this view stays as it was first read.
        const [row] = await services.source.query(
          `SELECT cpor_now() AS now, EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS blocked`,
        );
        return row.blocked && row.now.toISOString() > dueAt;
      });
      await executeWithin(manager, services.library, claim.claimId);
    });
    await arriving;
    await claim.execute();
    return tally([claim]);
  }

  it('treats an opt-out as late if it waited for the closing transaction, because its timestamp is taken under the lock', async () => {
    expect(await optOutUnderLock(acceptCommand)).to.deep.equal({ declined: 0, official: 1, lost: 0, misordered: 0 });
  });

  it('would lose such an opt-out if its timestamp were taken before the lock', async () => {
    expect(await optOutUnderLock(acceptWithoutLock)).to.deep.equal({ declined: 0, official: 0, lost: 1, misordered: 0 });
  });
});
