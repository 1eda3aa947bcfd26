import { expect } from 'chai';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { addTenants, type ClaimServices, TestClaim } from '../../support/claims.js';
import { claimInWindow } from '../../support/usage.js';
import { TestDirectory } from '../../support/worker.js';
import { inDays, programme, Publisher } from './publisher.js';

describe('What claims would notice of a programme', function () {
  this.timeout(60_000);
  let publisher: Publisher;

  const dryRun = (change: Parameters<typeof programme>[0], query = '&claims=true') =>
    publisher.put(`programmes/watched?dryRun=true${query}`, { ...programme(change), effectiveFrom: inDays(1) });

  before(async () => {
    publisher = await Publisher.start();
    const { source } = publisher.database;
    await publisher.put('programmes/watched', programme());
    const services: ClaimServices = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    const [first, second, third, fourth] = (await addTenants(source, 4)) as [Tenant, Tenant, Tenant, Tenant];
    const draft = async (tenant: Tenant, products: string[], name = 'watched') => {
      const claim = new TestClaim(services, { programme: name, tenant, products });
      await claim.draft();
      await claim.addEvidence();
      return claim;
    };
    await draft(first, ['exchange']);
    await draft(second, ['teams']);
    await draft(second, ['exchange'], 'sample');
    const submitted = await draft(third, ['exchange']);
    await submitted.accept('submitClaim', submitted.partner, {});
    await submitted.execute();
    await claimInWindow(services, { programme: 'watched', tenant: fourth, products: ['exchange'] });
  });
  after(() => publisher?.close());

  it('counts the claims in which a changed clock may still start, and those in which it runs', async () => {
    const { body } = await dryRun((policy) => {
      policy.clocks.consentWindow.days = 10;
      policy.clocks.reviewStartBusinessDays = 9;
    });
    expect(body['claims']).to.deep.equal({
      kept: 2,
      drafts: 2,
      draftsChecked: 2,
      draftsRefused: 0,
      refusals: [],
      clocks: [
        { field: 'clocks.reviewStartBusinessDays', from: 5, to: 9, ahead: 2, running: 1 },
        {
          field: 'clocks.consentWindow',
          from: { days: 5, unit: 'business_day' },
          to: { days: 10, unit: 'business_day' },
          ahead: 3,
          running: 1,
        },
      ],
      isCapped: false,
    });
  });

  it('names what would refuse drafts that can be submitted today', async () => {
    const { body } = await dryRun((policy) => {
      policy.products.find(({ code }) => code === 'exchange')!.state = 'retired';
    });
    const { draftsRefused, refusals } = body['claims'] as { draftsRefused: number; refusals: { drafts: number; message: string }[] };
    expect(draftsRefused).to.equal(1);
    expect(refusals.map(({ drafts }) => drafts)).to.deep.equal([1]);
    expect(refusals[0]!.message).to.contain('`exchange` cannot be claimed');
  });

  it('is said only on request, only if nothing is at fault, and stores nothing', async () => {
    expect((await dryRun(() => undefined, '')).body).not.to.have.property('claims');
    const refused = await dryRun((policy) => {
      policy.calendar = 'nowhere';
    });
    expect(refused.body).to.include({ result: 'would_be_refused' }).and.not.to.have.property('claims');
    expect((await publisher.get('programmes/watched/versions')).body['items']).to.have.length(1);
  });

  it('is said of a publication that takes effect at once, compared with the version before', async () => {
    await publisher.put('programmes/instant', programme());
    const next = programme((policy) => {
      policy.clocks.answerBusinessDays = 8;
    });
    const published = await publisher.put('programmes/instant?claims=true', { ...next, version: 2, effectiveFrom: inDays(0) });
    expect(published.status).to.equal(201);
    const { clocks } = published.body['claims'] as { clocks: object[] };
    expect(clocks).to.deep.equal([{ field: 'clocks.answerBusinessDays', from: 5, to: 8, ahead: 0, running: 0 }]);
    const again = await publisher.put('programmes/instant?claims=true', { ...next, version: 2, effectiveFrom: inDays(0) });
    expect(again.body).to.include({ result: 'unchanged' }).and.not.to.have.property('claims');
  });

  it('is null for a programme that has no claims yet', async () => {
    const fresh = await publisher.put('programmes/fresh?dryRun=true&claims=true', programme());
    expect(fresh.body).to.include({ result: 'would_publish', claims: null });
  });
});

type Tenant = Awaited<ReturnType<typeof addTenants>>[number];
