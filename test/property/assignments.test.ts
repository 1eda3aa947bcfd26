import { expect } from 'chai';
import fc from 'fast-check';
import {
  assignableRoles,
  can,
  type Permission,
  permissions,
  type Principal,
  type Role,
  type RoleAssignment,
  roles,
  roleSides,
  type Scope,
  scopeOf,
  withAssignment,
} from '#libs/auth/index.js';

const accounts = ['aa', 'bb'];
const someLocations = fc.oneof(fc.constant('all' as const), fc.uniqueArray(fc.constantFrom('1001', '1002', '1003'), { maxLength: 3 }));

const someToken: fc.Arbitrary<Principal> = fc.record({
  subject: fc.constant('somebody'),
  roles: fc.uniqueArray(fc.constantFrom(...roles), { maxLength: 3 }),
  partnerAccountId: fc.constantFrom(null, ...accounts),
  locations: someLocations,
  tenantId: fc.constantFrom(null, null, '0a1b2c3d-0000-4000-8000-000000000001'),
  actsFor: fc.constantFrom([], [], ['aa']),
});
const someAssignment: fc.Arbitrary<RoleAssignment> = fc.record({
  partnerAccountId: fc.constantFrom(...accounts),
  roles: fc.uniqueArray(fc.constantFrom(...assignableRoles), { minLength: 1 }),
  locations: someLocations,
});
const somePermission = fc.constantFrom(...(Object.keys(permissions) as Permission[]));

const covers = (scope: Scope, account: string, location: string): boolean =>
  scope.kind === 'partner' && scope.accountId === account && (scope.locations === 'all' || scope.locations.includes(location));

/** What one source alone gives. */
const reaches = (account: string | null, held: Role[], locations: string[] | 'all', permission: Permission, location: string): boolean =>
  account !== null &&
  held.some((role) => roleSides[role] === 'partner' && (permissions[permission] as readonly Role[]).includes(role)) &&
  (locations === 'all' || locations.includes(location));

describe('an assignment of roles', () => {
  it('extends a scope by exactly what it says, within its own account', () => {
    fc.assert(
      fc.property(someToken, someAssignment, somePermission, (token, assignment, permission) => {
        const scope = scopeOf(withAssignment(token, assignment), permission);
        const before = scopeOf(token, permission);
        const isPartnersOnly =
          token.roles.every((role) => roleSides[role] === 'partner') && token.tenantId === null && token.actsFor.length === 0;
        const isOwn = token.partnerAccountId === null || token.partnerAccountId === assignment.partnerAccountId;
        if (!isPartnersOnly || !isOwn) {
          expect(scope).to.deep.equal(before);
          return;
        }
        for (const account of accounts) {
          for (const location of ['1001', '1002', '1003', '9999']) {
            const given =
              account === assignment.partnerAccountId && reaches(account, assignment.roles, assignment.locations, permission, location);
            const had = account === token.partnerAccountId && reaches(account, token.roles, token.locations, permission, location);
            expect(covers(scope, account, location), `${account} ${location}`).to.equal(given || had);
          }
        }
      }),
    );
  });

  it('never gives a permission of the vendor or of a customer alone', () => {
    fc.assert(
      fc.property(someToken, someAssignment, somePermission, (token, assignment, permission) => {
        const partners = (permissions[permission] as readonly Role[]).some((role) => roleSides[role] === 'partner');
        if (!partners) expect(can(withAssignment(token, assignment), permission)).to.equal(can(token, permission));
      }),
    );
  });
});
