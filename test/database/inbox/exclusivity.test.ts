import { expect } from 'chai';
import { systemActor } from '#libs/claims/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import {
  addTenants,
  type ClaimServices,
  customer,
  evergreen,
  ironbridge,
  publishBriefProgramme,
  reviewer,
  TestClaim,
} from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { TestDirectory } from '../../support/worker.js';
import { waitFor } from '../../support/wait.js';

describe('the rule of one partner per target', () => {
  let database: TestDatabase;
  let services: ClaimServices;
  let tenants: { tenantId: string; domain: string }[];

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase({ poolSize: 24 });
    const { source } = database;
    await publishBriefProgramme(source, 'brief', 1);
    services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    tenants = await addTenants(source, 12);
  });

  after(() => database?.close());

  type Rival = { claim: TestClaim; dueAt: string };

  /** Creates claims of two partners that were approved without seeing each other, which the rules prevent, so that only the index can object. */
  async function rivalsInWindow(tenant: { tenantId: string; domain: string }): Promise<Rival[]> {
    const claims = [evergreen, ironbridge].map(
      (partner) => new TestClaim(services, { programme: 'brief', partner, tenant, products: ['exchange', 'teams'] }),
    );
    for (const claim of claims) {
      await acceptApproval(claim);
      await claim.execute();
      await services.source.query(`UPDATE claim_lines SET target = 'hidden ' || target WHERE claim_id = $1`, [claim.claimId]);
    }
    // The next execution restores the targets.
    return Promise.all(claims.map(notify));
  }

  async function claimInWindow(partner: typeof evergreen, tenant: { tenantId: string; domain: string }): Promise<Rival> {
    const claim = new TestClaim(services, { programme: 'brief', partner, tenant, products: ['exchange', 'teams'] });
    await acceptApproval(claim);
    await claim.execute();
    return notify(claim);
  }

  async function acceptApproval(claim: TestClaim): Promise<void> {
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.accept('approveClaim', reviewer, {});
  }

  /** Has the customer notified so long ago that the window closes within a moment, and the next execution makes the claim official. */
  async function notify(claim: TestClaim): Promise<Rival> {
    const [notice] = (await claim.row()).state.notices;
    const acceptedAt = new Date(Date.now() - 900).toISOString();
    const results = notice!.recipients.map(({ recipientId }) => ({ recipientId, outcome: 'accepted' as const, acceptedAt }));
    await claim.accept('recordNoticeDelivery', systemActor, { noticeId: notice!.noticeId, results });
    const { position } = await claim.execute();
    return { claim, dueAt: position.alarm!.at };
  }

  /** Closes the windows of rivals concurrently, on several connections each. */
  async function close(rivals: Rival[]): Promise<void> {
    await waitFor('the deadlines to pass', async () => {
      const [row] = await services.source.query('SELECT cpor_now() AS now');
      return rivals.every(({ dueAt }) => dueAt < row.now.toISOString());
    });
    for (const { claim } of rivals) {
      await claim.accept('addComment', claim.partner, { textId: claim.claimId, visibility: 'internal' });
      await lookUp(claim);
    }
    await Promise.all(rivals.flatMap(({ claim }) => [claim.execute(), claim.execute()]));
  }

  async function lookUp(claim: TestClaim): Promise<void> {
    const { facts } = await claim.command('submitClaim', claim.partner, {});
    await services.source.query('INSERT INTO directory_answers (claim_id, asked_at, facts) VALUES ($1, $2, $3)', [
      claim.claimId,
      facts!.askedAt,
      facts,
    ]);
  }

  const live = (tenantId: string) =>
    services.source.query<{ target: string; partner_account_id: string }[]>(
      'SELECT target, partner_account_id FROM associations WHERE tenant_id = $1 AND ended_at IS NULL ORDER BY target',
      [tenantId],
    );

  it('lets one of two rivals become official and holds the other', async function () {
    this.timeout(60_000);
    for (const tenant of tenants.splice(0, 8)) {
      const rivals = await rivalsInWindow(tenant);
      await close(rivals);
      const phases = await Promise.all(rivals.map(({ claim }) => claim.phase()));
      expect(phases).to.have.members(['official', 'consent_pending']);
      const winner = rivals[phases.indexOf('official')]!.claim;
      const held = rivals[phases.indexOf('consent_pending')]!.claim;
      expect(await live(tenant.tenantId)).to.deep.equal(
        ['exchange', 'teams'].map((product) => ({
          target: `workload:${tenant.tenantId}:${product}`,
          partner_account_id: winner.partnerAccountId,
        })),
      );
      const heldEvent = (await held.events()).at(-2);
      expect(heldEvent).to.have.property('type', 'LinesHeld');
      expect(heldEvent!.data).to.have.nested.property('findings[0].code', 'workload_already_claimed');
      expect((await held.row()).state.lines.map((line) => line.official)).to.deep.equal([null, null]);
    }
  });

  it('lets a held claim continue after the holder’s association ends', async () => {
    const tenant = tenants.pop()!;
    const rivals = await rivalsInWindow(tenant);
    await close(rivals.slice(0, 1));
    await close(rivals.slice(1));
    const [first, second] = rivals.map(({ claim }) => claim);
    const early = await second!.accept('clearHold', reviewer, {});
    await second!.execute();
    expect(await second!.outcome(early.commandId)).to.have.nested.property('findings[0].code', 'hold_not_cleared');

    await first!.accept('optOut', customer, {});
    await first!.execute();
    expect(await live(tenant.tenantId)).to.deep.equal([]);
    await second!.accept('clearHold', reviewer, {});
    await second!.execute();
    expect((await live(tenant.tenantId)).map((row) => row.partner_account_id)).to.deep.equal([ironbridge.accountId, ironbridge.accountId]);
  });

  it('is enforced by an index even against other code', async () => {
    const tenant = tenants.pop()!;
    const rival = await claimInWindow(evergreen, tenant);
    await close([rival]);
    const insert = `INSERT INTO associations
        (association_id, claim_id, line, target, partner_account_id, partner_id, tenant_id, activities, official_at)
      SELECT gen_random_uuid(), claim_id, line, target, 'another', partner_id, tenant_id, activities, official_at
      FROM associations WHERE claim_id = $1 AND line = 1`;
    const fault = await asSuperuser(database, insert, [rival.claim.claimId]).then(
      () => 'inserted',
      (error: { constraint?: string }) => error.constraint,
    );
    expect(fault).to.equal('associations_one_partner_per_target');
  });
});
