import { expect } from 'chai';
import { roleSides, roles } from '#libs/auth/index.js';
import { parseDirectory, sampleDirectory } from '#libs/directory/index.js';
import { samplePeople } from '#libs/sample-data/index.js';

describe('the sample people', () => {
  const parsed = parseDirectory(sampleDirectory);
  if (!parsed.ok) throw new Error('The sample directory is faulty.');
  const { accounts, tenants } = parsed.document;

  it('belong to companies, locations and tenants of the sample directory', () => {
    for (const { subject, side, partner, locations = [], tenant } of samplePeople) {
      expect([partner !== undefined, tenant !== undefined], subject).to.deep.equal([side === 'partner', side === 'customer']);
      const account = accounts.find(({ accountId }) => accountId === partner);
      if (side === 'partner') expect(account, subject).not.to.equal(undefined);
      const own = account?.locations.map(({ partnerId }) => partnerId) ?? [];
      for (const location of locations) if (location !== '*') expect(own, subject).to.include(location);
      if (tenant !== undefined) expect(tenants.map(({ tenantId }) => tenantId)).to.include(tenant);
    }
  });

  it('have roles of their side alone, and together every role', () => {
    for (const { subject, side, roles: held } of samplePeople) {
      expect(new Set(held.map((role) => roleSides[role])), subject).to.deep.equal(new Set([side]));
    }
    expect(roles.filter((role) => !samplePeople.some(({ roles: held }) => held.includes(role)))).to.deep.equal([]);
  });

  it('have subjects, names and addresses of their own', () => {
    for (const key of ['subject', 'name', 'email'] as const)
      expect(new Set(samplePeople.map((person) => person[key])).size).to.equal(samplePeople.length);
  });
});
