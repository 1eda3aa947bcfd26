import { joinLocations } from './assignment.js';
import { grantingRoles, type Permission } from './permission.js';
import type { Principal } from './principal.js';
import { roleSides } from './role.js';

/** What a caller may see. Every query takes a scope; anything outside it does not exist for the caller. */
export type Scope =
  /** The vendor's scope. Staff who act or have acted for partners do not see claims that compete with those partners. */
  | { kind: 'everything'; actsFor?: string[] }
  | { kind: 'partner'; accountId: string; locations: string[] | 'all' }
  | { kind: 'tenant'; tenantId: string }
  | { kind: 'nothing' };

/**
 * Returns the scope in which a principal holds a permission. Only roles that grant the permission count: a reviewer who also claims for a
 * partner reads every claim, but creates claims for that partner's locations only.
 */
export function scopeOf(principal: Principal, permission: Permission): Scope {
  const sides = grantingRoles(principal, permission).map((role) => roleSides[role]);
  if (sides.includes('vendor')) return everythingFor(principal);
  const locations = locationsFor(principal, permission);
  if (sides.includes('partner') && principal.partnerAccountId !== null && locations.length > 0) {
    return { kind: 'partner', accountId: principal.partnerAccountId, locations };
  }
  if (sides.includes('customer') && principal.tenantId !== null) return { kind: 'tenant', tenantId: principal.tenantId };
  return { kind: 'nothing' };
}

/** Returns the locations of the roles that grant the permission. */
function locationsFor(principal: Principal, permission: Permission): string[] | 'all' {
  const { grants, locations } = principal;
  if (grants === undefined) return locations;
  return joinLocations(grants.filter(({ roles }) => grantingRoles({ ...principal, roles }, permission).length > 0));
}

function everythingFor({ actsFor, partnerAccountId }: Principal): Scope {
  return withPast({ kind: 'everything' }, partnerAccountId === null ? actsFor : [...actsFor, partnerAccountId]);
}

/** Extends a vendor's scope by partners for which the person has acted. */
export function withPast(scope: Scope, accounts: string[]): Scope {
  if (scope.kind !== 'everything' || accounts.length === 0) return scope;
  return { kind: 'everything', actsFor: [...new Set([...(scope.actsFor ?? []), ...accounts])] };
}

/** Returns whether a vendor's scope belongs to someone who acts for the partner. */
export const isActingFor = (scope: Scope, partnerAccountId: string): boolean =>
  scope.kind === 'everything' && scope.actsFor?.includes(partnerAccountId) === true;
