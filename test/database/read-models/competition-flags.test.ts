import { expect } from 'chai';
import type { ClaimState } from '#libs/claims/index.js';
import { executeWithin } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { addTenants, type ClaimServices, customer, evergreen, ironbridge, reviewer, TestClaim } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { waitFor } from '../../support/wait.js';
import { TestDirectory } from '../../support/worker.js';

describe('the mark of competing claims', () => {
  let database: TestDatabase;
  let services: ClaimServices;
  let tenants: { tenantId: string; domain: string }[];

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    const { source } = database;
    services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    tenants = await addTenants(source, 2);
  });

  after(() => database?.close());

  const claimOf = (partner: typeof evergreen, tenant: { tenantId: string; domain: string }) =>
    new TestClaim(services, { partner, tenant, products: ['teams'] });

  async function submit(claim: TestClaim): Promise<void> {
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
  }

  async function becomeOfficial(claim: TestClaim): Promise<void> {
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    await claim.deliverNotice();
    await claim.accept('acceptClaim', customer, { isTenantAdmin: true });
    await claim.execute();
    expect(await claim.phase()).to.equal('official');
  }

  it('is set from the second submission until only one claim is left', async () => {
    const tenant = tenants.pop()!;
    const [first, second] = [claimOf(evergreen, tenant), claimOf(ironbridge, tenant)];
    const marks = async () => (await competition()).filter(({ claimId }) => claimId === first.claimId || claimId === second.claimId);
    await submit(first);
    await second.draft();
    expect(await marks()).to.deep.equal([]);
    await second.addEvidence();
    await second.accept('submitClaim', second.partner, {});
    await second.execute();
    expect(await marks()).to.have.length(2);
    await first.accept('withdrawClaim', first.partner, {});
    await first.execute();
    expect(await marks()).to.deep.equal([]);
    await becomeOfficial(second);
    const late = claimOf(evergreen, tenant);
    await submit(late);
    expect(await competition()).to.deep.include({ claimId: late.claimId });
    await second.accept('optOut', customer, {});
    await second.execute();
    expect(await competition()).not.to.deep.include({ claimId: late.claimId });
  });

  it('is set exactly on competing claims, even when all are written concurrently', async function () {
    this.timeout(60_000);
    const customers = await addTenants(services.source, 2);
    const products = ['exchange', 'teams', 'sharepoint', 'intune'];
    const claims = products.flatMap((product, index) =>
      [evergreen, ironbridge].flatMap((partner) =>
        customers.map((tenant) => new TestClaim(services, { partner, tenant, products: [product, products[(index + 1) % 4]!] })),
      ),
    );
    for (const claim of claims) {
      await claim.draft();
      await claim.addEvidence();
      await claim.accept('submitClaim', claim.partner, {});
    }
    const counts: number[] = [];
    for (const act of [
      () => Promise.resolve(),
      (claim: TestClaim) => claim.accept('approveClaim', reviewer, {}),
      (claim: TestClaim, index: number) =>
        index % 3 === 0
          ? claim.accept('withdrawClaim', claim.partner, {})
          : claim.accept('rejectClaim', reviewer, { reason: 'evidence_insufficient', lines: [1 + (index % 2)] }),
    ]) {
      await Promise.all(claims.map((claim, index) => act(claim, index).then(() => claim.execute())));
      const marked = await competition();
      expect(marked).to.deep.equal(await competingByState());
      counts.push(marked.length);
    }
    expect(counts[0]).to.be.greaterThan(counts.at(-1)!);
    expect(counts.at(-1)).to.be.greaterThan(0);
  });

  it('is removed when the rivals of two lines withdraw at the same time', async () => {
    const tenant = tenants.pop()!;
    const [claim, ...rivals] = [['teams', 'exchange'], ['teams'], ['exchange']].map(
      (products, index) => new TestClaim(services, { partner: index === 0 ? evergreen : ironbridge, tenant, products }),
    );
    for (const submitted of [claim!, ...rivals]) await submit(submitted);
    for (const rival of rivals) await rival.accept('withdrawClaim', rival.partner, {});
    const [first, second] = rivals;
    let leaving: Promise<unknown> = Promise.resolve();
    await services.source.transaction(async (manager) => {
      await executeWithin(manager, services.library, first!.claimId);
      let isDone = false;
      leaving = second!.execute().finally(() => (isDone = true));
      await waitFor('the second to wait for the first, or to overlook it', async () => isDone || (await isAnyoneBlocked()));
    });
    await leaving;
    expect(await competition()).to.deep.equal(await competingByState());
  });

  async function isAnyoneBlocked(): Promise<boolean> {
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return (await services.source.query<unknown[]>(waiting)).length > 0;
  }

  /** Returns the claims that are marked as competing. */
  const competition = () =>
    services.source.query<{ claimId: string }[]>('SELECT claim_id AS "claimId" FROM claims WHERE is_competing ORDER BY claim_id');

  /** Returns the claims that compete according to their states alone. */
  async function competingByState(): Promise<{ claimId: string }[]> {
    const rows = await services.source.query<{ claimId: string; state: ClaimState }[]>(
      'SELECT claim_id AS "claimId", state FROM claims ORDER BY claim_id',
    );
    const asked = rows.flatMap(({ claimId, state }) =>
      state.lines
        .filter(({ phase }) => ['submitted', 'under_review', 'action_required', 'disputed', 'consent_pending'].includes(phase))
        .map(({ product }) => ({ claimId, by: state.partnerAccountId, target: `${state.details.tenantId} ${product}` })),
    );
    const held = rows.flatMap(({ state }) =>
      state.lines
        .filter(({ official }) => official !== null && official.to === null)
        .map(({ product }) => ({ by: state.partnerAccountId, target: `${state.details.tenantId} ${product}` })),
    );
    const hasRival = (line: (typeof asked)[number]) =>
      [...asked, ...held].some(({ by, target }) => target === line.target && by !== line.by);
    return rows
      .filter(({ claimId }) => asked.some((line) => line.claimId === claimId && hasRival(line)))
      .map(({ claimId }) => ({ claimId }));
  }
});
