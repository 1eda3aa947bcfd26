import { expect } from 'chai';
import type { Scope } from '#libs/auth/index.js';
import { type ClaimFilter, countFiltered, listClaims } from '#libs/read-models/index.js';
import { greatestPartner, loadClaims } from '../../bench/load-claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const everything: Scope = { kind: 'everything' };
const company: Scope = { kind: 'partner', accountId: greatestPartner.accountId, locations: 'all' };

describe('the count of a filtered list', function () {
  this.timeout(120_000);
  let database: TestDatabase;

  before(async () => {
    database = await createTestDatabase({ poolSize: 4 });
    await loadClaims(database.ownerUrl, 1_500, () => undefined);
  });
  after(() => database?.close());

  const count = (scope: Scope, filter: ClaimFilter, limits?: { cap?: number; cost?: number }) =>
    countFiltered(database.source.manager, scope, filter, limits);
  const listed = async (scope: Scope, filter: ClaimFilter) =>
    (await listClaims(database.source.manager, scope, filter, { sort: { by: 'number', isDescending: false }, limit: 10_000 })).rows;

  const filters: Record<string, ClaimFilter> = {
    nothing: {},
    phases: { phase: ['official', 'submitted'] },
    'a label': { status: ['Under review'] },
    openness: { isOpen: true },
    'what is due': { dueBefore: '2100-01-01T00:00:00Z' },
    activities: { activity: ['usage'] },
    'an unknown word': { q: 'nowhere-at-all' },
  };
  for (const [what, filter] of Object.entries(filters)) {
    for (const [whose, scope] of [
      ['all claims', everything],
      ['the claims of a partner', company],
      ['the claims that a reviewer who acts for a partner may see', { kind: 'everything', actsFor: [greatestPartner.accountId] }],
    ] as [string, Scope][]) {
      it(`is the length of the list of ${whose} by ${what}`, async () => {
        const rows = await listed(scope, filter);
        const counted = await count(scope, filter);
        expect([counted.count, counted.precision]).to.deep.equal([rows.length, 'exact']);
        const phases = Object.fromEntries(counted.phases!.map(({ phase, claims }) => [phase, claims]));
        expect(phases).to.deep.equal(
          Object.fromEntries([...Map.groupBy(rows, ({ phase }) => phase)].map(([phase, group]) => [phase, group.length])),
        );
      });
    }
  }

  it('stops at the cap', async () => {
    expect(await count(everything, { activity: ['usage'] }, { cap: 10 })).to.deep.equal({ count: 10, precision: 'capped', phases: null });
    const exact = await count(everything, { activity: ['usage'] });
    expect((await count(everything, { activity: ['usage'] }, { cap: exact.count })).precision).to.equal('exact');
  });

  it('is an estimate where counting would cost too much, except for what is stored', async () => {
    const { count: real } = await count(everything, { isOpen: true });
    const estimated = await count(everything, { isOpen: true }, { cost: 0 });
    expect(estimated).to.include({ precision: 'estimated', phases: null });
    expect(estimated.count).to.be.within(real / 3, real * 3);
    expect((await count(everything, { phase: ['official'] }, { cost: 0 })).precision).to.equal('exact');
  });
});
