import { expect } from 'chai';
import { type Policy, ProgrammeLibrary, samplePolicy } from '#libs/programmes/index.js';
import { addVersion } from '#libs/publications/index.js';
import { claimEffects, claimEffectLimits } from '#libs/publications/claim-effects/claim-effects.js';
import { addTenants, TestClaim } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { claimInWindow } from '../../support/usage.js';
import { TestDirectory } from '../../support/worker.js';

const watched: Policy = { ...samplePolicy, name: 'watched', version: 1 };

function changed(change: (policy: Policy) => void): Policy {
  const next = { ...structuredClone(watched), version: 2 };
  change(next);
  return next;
}

const retire = (policy: Policy, code: string) => {
  policy.products.find((product) => product.code === code)!.state = 'retired';
};

describe('what claims would notice of a version', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let library: ProgrammeLibrary;
  let both: TestClaim;
  let single: TestClaim;

  before(async () => {
    database = await createTestDatabase();
    const { source } = database;
    await addVersion(source, 'policies', watched, 'vera');
    library = new ProgrammeLibrary(source);
    const services = { source, library, directory: new TestDirectory(source) };
    const [first, second, third, fourth, fifth] = await addTenants(source, 5);
    const draft = async (tenant: typeof first, products: string[], programme = 'watched') => {
      const claim = new TestClaim(services, { programme, tenant: tenant!, products });
      await claim.draft();
      await claim.addEvidence();
      return claim;
    };
    single = await draft(first, ['exchange']);
    both = await draft(second, ['exchange', 'teams']);
    await draft(third, ['sharepoint']);
    await draft(third, ['exchange'], 'sample');
    const submitted = await draft(fourth, ['exchange']);
    await submitted.accept('submitClaim', submitted.partner, {});
    await submitted.execute();
    await claimInWindow(services, { programme: 'watched', tenant: fifth!, products: ['exchange'] });
  });
  after(() => database?.close());

  const effects = (next: Policy, limits = claimEffectLimits) => claimEffects(database.source, library, next, limits);

  it('is a refusal for the drafts of a retired product, and for no other claim', async () => {
    const seen = await effects(changed((policy) => retire(policy, 'exchange')));
    expect(seen).to.deep.include({ kept: 2, drafts: 3, draftsChecked: 3, draftsRefused: 2, clocks: [], isCapped: false });
    expect(seen!.refusals).to.have.length(1);
    expect(seen!.refusals[0]).to.deep.include({ code: 'product_unknown', drafts: 2, examples: [both.number, single.number] });
    expect(seen!.refusals[0]!.message).to.include('exchange');
  });

  it('is told for a line of a draft whose other line is refused already', async () => {
    const { source } = database;
    await addVersion(source, 'policies', { ...changed((policy) => retire(policy, 'exchange')), name: 'twice', version: 1 }, 'vera');
    const services = { source, library, directory: new TestDirectory(source) };
    const [tenant] = await addTenants(source, 1);
    const claim = new TestClaim(services, { programme: 'watched', tenant: tenant!, products: ['exchange', 'teams'] });
    await claim.draft();
    await source.query(`UPDATE claims SET state = jsonb_set(state, '{details,programme}', '"twice"') WHERE claim_id = $1`, [claim.claimId]);
    const next = changed((policy) => ['exchange', 'teams'].forEach((code) => retire(policy, code)));
    const seen = await effects({ ...next, name: 'twice' });
    expect(seen!.refusals.find(({ code }) => code === 'product_unknown')).to.deep.include({ drafts: 1, examples: [claim.number] });
  });

  it('is a new acknowledgement for every draft', async () => {
    const seen = await effects(
      changed((policy) => {
        policy.acknowledgement.version++;
      }),
    );
    expect(seen!.refusals.map(({ code, drafts }) => [code, drafts])).to.deep.equal([['acknowledgement_required', 3]]);
  });

  it('is the new length of a clock for those that have yet to reach it', async () => {
    const seen = await effects(
      changed((policy) => {
        policy.clocks.consentWindow.days = 10;
      }),
    );
    expect(seen!.clocks.map(({ field, ahead, running }) => ({ field, ahead, running }))).to.deep.equal([
      { field: 'clocks.consentWindow', ahead: 4, running: 1 },
    ]);
    expect(seen!.refusals).to.deep.equal([]);
  });

  it('says so where there are more claims than are read', async () => {
    const seen = await effects(
      changed((policy) => retire(policy, 'exchange')),
      { ofPhase: 2, drafts: 2 },
    );
    expect(seen!.isCapped).to.equal(true);
    expect(seen!.draftsChecked).to.be.at.most(2);
  });
});
