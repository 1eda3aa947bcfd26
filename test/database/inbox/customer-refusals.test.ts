import { expect } from 'chai';
import { systemActor } from '#libs/claims/index.js';
import { lookUpForClaim } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { addTenants, type ClaimServices, customer, evergreen, reviewer, TestClaim } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { subscription } from '../../support/subscriptions.js';
import { TestDirectory } from '../../support/worker.js';

const day = 86_400_000;
/** A product that may be claimed for several activities, with one claim for each. */
const product = 'business_central';

describe("a customer's refusal", () => {
  let database: TestDatabase;
  let services: ClaimServices;
  const tenants: { tenantId: string; domain: string; subscriptionId: string }[] = [];

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    const { source } = database;
    services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    for (let count = 0; count < 7; count++) {
      const bought = subscription({ product });
      const [tenant] = await addTenants(source, 1, [bought]);
      tenants.push({ ...tenant!, subscriptionId: bought.subscriptionId });
    }
  });

  after(() => database?.close());

  type Tenant = (typeof tenants)[number];

  const onTeams = (tenant: Tenant) => new TestClaim(services, { partner: evergreen, tenant, products: ['teams'] });

  function bySubscription({ subscriptionId, ...tenant }: Tenant, activity: string): TestClaim {
    const claim = new TestClaim(services, { partner: evergreen, tenant });
    const lines = [{ line: 1, product, subscriptionId, activities: [activity] }];
    Object.assign(claim.details, { area: 'business_applications', lines });
    return claim;
  }

  async function drafted(claim: TestClaim): Promise<TestClaim> {
    expect(await claim.draft()).to.have.property('status', 'done');
    await claim.addEvidence();
    return claim;
  }

  async function submitted(claim: TestClaim): Promise<TestClaim> {
    await drafted(claim);
    await executeCommand(claim, 'submitClaim', claim.partner, {});
    return claim;
  }

  /** Creates an approved claim whose customer has been notified. */
  async function inWindow(claim: TestClaim): Promise<TestClaim> {
    await submitted(claim);
    await executeCommand(claim, 'approveClaim', reviewer, {});
    const notice = (await claim.row()).state.notices.at(-1)!;
    const results = notice.recipients.map(({ recipientId }) => ({
      recipientId,
      outcome: 'accepted' as const,
      acceptedAt: notice.requestedAt,
    }));
    await executeCommand(claim, 'recordNoticeDelivery', systemActor, { noticeId: notice.noticeId, results });
    return claim;
  }

  async function executeCommand(claim: TestClaim, ...[type, actor, body]: Parameters<TestClaim['accept']>) {
    const { commandId } = await claim.accept(type, actor, body);
    const execution = await claim.execute();
    expect(await claim.outcome(commandId)).to.have.property('status', 'done');
    return execution;
  }

  const advance = (ms: number) =>
    services.source.query(
      `INSERT INTO sandbox_clock (ahead) VALUES (make_interval(secs => $1))
       ON CONFLICT (only_row) DO UPDATE SET ahead = sandbox_clock.ahead + excluded.ahead`,
      [ms / 1000],
    );

  const lineOf = async (claim: TestClaim) => (await claim.row()).state.lines[0]!;
  const lettersOf = (claim: TestClaim) =>
    services.source.query('SELECT kind FROM letters WHERE claim_id = $1 ORDER BY event_version, kind', [claim.claimId]);
  const settled = { reason: 'customer_refused_target', by: 'cpor', isDisputable: false };

  it('concerns a single claim, because one of two concurrent submissions is refused as a duplicate', async () => {
    const tenant = tenants.pop()!;
    const claims = [await drafted(onTeams(tenant)), await drafted(onTeams(tenant))];
    const commands = await Promise.all(claims.map((claim) => claim.accept('submitClaim', claim.partner, {})));
    await Promise.all(claims.map((claim) => claim.execute()));
    const outcomes = await Promise.all(claims.map((claim, index) => claim.outcome(commands[index]!.commandId)));
    const [done, refused] = outcomes.toSorted((a, b) => (a!.status < b!.status ? -1 : 1));
    expect(done).to.have.property('status', 'done');
    expect(refused).to.have.nested.property('findings[0].code', 'duplicate_own');
  });

  it('rejects the company’s other open claims on the target, and informs the company', async () => {
    const tenant = tenants.pop()!;
    const [usage, presales] = [await inWindow(bySubscription(tenant, 'usage')), await submitted(bySubscription(tenant, 'presales'))];
    const { changed } = await executeCommand(usage, 'optOut', customer, {});
    expect(changed.map(({ claimId }) => claimId)).to.deep.equal([presales.claimId]);
    expect(await lineOf(presales)).to.deep.include({ phase: 'rejected_final', rejection: settled });
    expect(await lettersOf(presales)).to.deep.equal([{ kind: 'refused_target' }]);
    const { commandId } = await presales.accept('openDispute', presales.partner, { textId: presales.claimId });
    await presales.execute();
    expect(await presales.outcome(commandId)).to.have.nested.property('findings[0].code', 'dispute_not_allowed');
  });

  it('takes effect at its receipt even if it is still unprocessed in another claim’s inbox when a window closes', async () => {
    const tenant = tenants.pop()!;
    const [usage, presales] = [await inWindow(bySubscription(tenant, 'usage')), await inWindow(bySubscription(tenant, 'presales'))];
    await usage.accept('optOut', customer, {});
    await advance(14 * day);
    await lookUpForClaim(services.directory, services.source, presales.claimId);
    const { changed, needsDirectory } = await presales.execute();
    expect([needsDirectory, changed.map(({ claimId }) => claimId)]).to.deep.equal([false, [usage.claimId]]);
    expect(await lineOf(presales)).to.deep.include({ phase: 'rejected_final', rejection: settled, official: null });
    expect(await usage.phase()).to.equal('rejected');
  });

  it('does not affect a window that closed before it was received', async () => {
    const tenant = tenants.pop()!;
    const presales = await inWindow(bySubscription(tenant, 'presales'));
    await advance(14 * day);
    const usage = await inWindow(bySubscription(tenant, 'usage'));
    await usage.accept('optOut', customer, {});
    await lookUpForClaim(services.directory, services.source, presales.claimId);
    await presales.execute();
    expect(await presales.phase()).to.equal('official');
    await usage.execute();
    expect([await presales.phase(), await usage.phase()]).to.deep.equal(['official', 'rejected']);
  });

  it('rejects all of the company’s open claims for the tenant when it blocks the company', async () => {
    const tenant = tenants.pop()!;
    const [usage, other] = [await inWindow(bySubscription(tenant, 'usage')), await submitted(onTeams(tenant))];
    await executeCommand(usage, 'optOut', customer, { blockPartner: true });
    expect(await lineOf(other)).to.deep.include({ phase: 'rejected_final', rejection: settled });
    const next = await drafted(onTeams(tenant));
    const { commandId } = await next.accept('submitClaim', next.partner, {});
    await next.execute();
    expect(await next.outcome(commandId)).to.have.nested.property('findings[0].code', 'partner_blocked');
  });

  it('keeps an official association from being transferred on the strength of an older notice', async () => {
    const tenant = tenants.pop()!;
    const usage = await inWindow(bySubscription(tenant, 'usage'));
    await executeCommand(usage, 'acceptClaim', customer, { isTenantAdmin: true });
    const presales = await inWindow(bySubscription(tenant, 'presales'));
    await executeCommand(presales, 'optOut', customer, {});
    expect(await usage.phase()).to.equal('official');
    const { commandId } = await usage.accept('transferAssociation', usage.partner, { partnerId: '1240388' });
    await usage.execute();
    const outcome = await usage.outcome(commandId);
    expect(outcome).to.have.property('status', 'refused');
    await advance(60 * day);
    const { commandId: later } = await usage.accept('transferAssociation', usage.partner, { partnerId: '1240388' });
    await usage.execute();
    expect(await usage.outcome(later)).to.have.property('status', 'refused');
  });
});
