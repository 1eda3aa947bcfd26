import { expect } from 'chai';
import {
  can,
  isSelfReview,
  type Permission,
  type Principal,
  permissions,
  type Role,
  roles,
  scopeOf,
  toPrincipal,
} from '#libs/auth/index.js';

const account = 'evergreen';

function principal(overrides: Partial<Principal> & { roles: Role[] }): Principal {
  return { subject: 's', partnerAccountId: null, locations: [], tenantId: null, actsFor: [], ...overrides };
}

function permissionsOf(role: Role): string[] {
  return (Object.keys(permissions) as Permission[]).filter((permission) => can(principal({ roles: [role] }), permission));
}

const shared = ['catalogue.read', 'calendars.read', 'operations.read', 'sandbox.read', 'sessions.own'];
const claimUser = [
  'claims.create',
  'claims.edit',
  'claims.submit',
  'claims.answer',
  'claims.withdraw',
  'claims.read',
  'claims.history',
  'claims.process',
  'snapshots.share',
  'evidence.add',
  'evidence.read',
  'comments.read',
  'comments.write',
  'associations.read',
  'notices.resend',
  'events.read',
];

/** The permissions of domain.md 1.2 by role; a role has no others. */
const byRole: Record<Role, string[]> = {
  claim_user: claimUser,
  claim_admin: [...claimUser, 'claims.dispute', 'associations.disassociate', 'associations.transfer', 'webhooks.manage', 'sandbox.advance'],
  account_admin: ['accounts.assign', 'webhooks.manage'],
  usage_viewer: ['usage.read'],
  usage_executive: ['usage.read', 'usage.executive'],
  reviewer: [
    'claims.read',
    'claims.history',
    'claims.process',
    'snapshots.share',
    'evidence.read',
    'comments.read',
    'comments.write',
    'comments.internal',
    'reviews.start',
    'reviews.ask',
    'reviews.decide',
    'reviews.extend',
    'disputes.decide',
    'rivals.read',
    'reports.breaches',
    'notices.resend',
    'associations.read',
    'events.read',
    'sandbox.advance',
  ],
  vendor_admin: [
    'claims.read',
    'claims.history',
    'claims.process',
    'snapshots.share',
    'comments.read',
    'associations.read',
    'associations.revoke',
    'associations.check',
    'events.read',
    'webhooks.manage',
    'catalogue.write',
    'calendars.write',
    'retention.hold',
    'contacts.export',
    'usage.write',
    'usage.refusals',
    'reports.breaches',
    'reports.calendars',
    'reports.operations',
    'reports.repairs',
    'sandbox.advance',
  ],
  vendor_support: [
    'claims.read',
    'claims.history',
    'claims.process',
    'comments.read',
    'comments.write',
    'comments.internal',
    'associations.read',
    'events.read',
  ],
  operator: [
    'claims.process',
    'reports.calendars',
    'reports.operations',
    'reports.repairs',
    'associations.check',
    'events.read',
    'notices.bounce',
    'retention.hold',
    'contacts.export',
    'usage.write',
    'usage.refusals',
    'reconcile.run',
    'sandbox.advance',
    'sessions.end',
  ],
  tenant_admin: [
    'claims.history',
    'associations.read',
    'associations.refuse',
    'associations.accept',
    'choices.answer',
    'partners.block',
    'tenant_log.read',
    'events.read',
    'webhooks.manage',
  ],
};

describe('permissions', () => {
  for (const role of roles) {
    it(`of ${role} are exactly those in domain.md`, () => expect(permissionsOf(role)).to.have.members([...byRole[role], ...shared]));
  }

  it('are empty for a caller without a role', () => {
    for (const permission of Object.keys(permissions) as Permission[])
      expect(can(principal({ roles: [] }), permission), permission).to.equal(false);
  });

  it('exclude a reviewer from claims of its own partner and of partners it acts for', () => {
    const reviewer = principal({ roles: ['reviewer'], partnerAccountId: account, actsFor: ['fjord'] });
    expect(['fjord', account, 'other'].map((id) => isSelfReview(reviewer, id))).to.deep.equal([true, true, false]);
  });
});

describe('a scope', () => {
  it('covers the listed locations for a partner', () => {
    const user = principal({ roles: ['claim_user'], partnerAccountId: account, locations: ['0012', '1240371'] });
    expect(scopeOf(user, 'claims.read')).to.deep.equal({ kind: 'partner', accountId: account, locations: ['0012', '1240371'] });
  });

  it('covers every location of the account if the token says so', () => {
    const admin = principal({ roles: ['claim_admin'], partnerAccountId: account, locations: 'all' });
    expect(scopeOf(admin, 'claims.read')).to.deep.equal({ kind: 'partner', accountId: account, locations: 'all' });
  });

  it('covers everything for the vendor and one tenant for its admin', () => {
    expect(scopeOf(principal({ roles: ['reviewer'] }), 'claims.read')).to.deep.equal({ kind: 'everything' });
    expect(scopeOf(principal({ roles: ['tenant_admin'], tenantId: 't' }), 'associations.read')).to.deep.equal({
      kind: 'tenant',
      tenantId: 't',
    });
  });

  it('depends only on the roles that grant the permission', () => {
    const both = principal({ roles: ['reviewer', 'claim_user'], partnerAccountId: account, locations: ['1240371'] });
    expect(scopeOf(both, 'claims.read')).to.deep.equal({ kind: 'everything', actsFor: [account] });
    expect(scopeOf(both, 'claims.create')).to.deep.equal({ kind: 'partner', accountId: account, locations: ['1240371'] });
  });

  it('is empty without an account, a location, a tenant or the permission', () => {
    const without = [
      scopeOf(principal({ roles: ['claim_user'], locations: 'all' }), 'claims.read'),
      scopeOf(principal({ roles: ['claim_user'], partnerAccountId: account }), 'claims.read'),
      scopeOf(principal({ roles: ['tenant_admin'] }), 'associations.read'),
      scopeOf(principal({ roles: ['usage_viewer'], partnerAccountId: account, locations: 'all' }), 'claims.read'),
    ];
    expect(without.map(({ kind }) => kind)).to.deep.equal(['nothing', 'nothing', 'nothing', 'nothing']);
  });
});

describe('a principal', () => {
  it('is read from the claims of a token', () => {
    const claims = {
      sub: 'ada',
      cpor_roles: ['claim_user', 'claim_user', 'payroll'],
      cpor_partner: account,
      cpor_locations: ['0012'],
      cpor_tenant: 'DB602352-D033-497B-973D-8E81D5DE0D3A',
      cpor_acts_for: ['fjord'],
    };
    expect(toPrincipal(claims)).to.deep.equal({
      subject: 'ada',
      roles: ['claim_user'],
      partnerAccountId: account,
      locations: ['0012'],
      tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a',
      actsFor: ['fjord'],
    });
  });

  it('sees all locations with an asterisk and none by default', () => {
    expect(toPrincipal({ sub: 'ada', cpor_locations: ['0012', '*'] }).locations).to.equal('all');
    expect(toPrincipal({ sub: 'ada' })).to.deep.equal(principal({ subject: 'ada', roles: [] }));
  });

  it('reads the name and language of a person, and ignores what cannot be read', () => {
    expect(toPrincipal({ sub: 'ada', name: 'Ada', locale: 'ru-RU' })).to.include({ displayName: 'Ada', language: 'ru' });
    expect(toPrincipal({ sub: 'ada', name: 7, locale: 'rumantsch' })).to.deep.equal(principal({ subject: 'ada', roles: [] }));
  });
});
