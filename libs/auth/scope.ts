import { grantingRoles, type Permission } from './permission.js';
import type { Principal } from './principal.js';
import { roleSides } from './role.js';

/** What a caller may know. Every query takes one; what lies outside does not exist for the caller. */
export type Scope =
  /** The vendor's. Whoever of it acts for partners, or has, knows nothing of the claims that compete with theirs. */
  | { kind: 'everything'; actsFor?: string[] }
  | { kind: 'partner'; accountId: string; locations: string[] | 'all' }
  | { kind: 'tenant'; tenantId: string }
  | { kind: 'nothing' };

/**
 * The scope in which a principal holds a permission. Only roles that grant the permission count, so that a reviewer who also claims for a
 * partner reads every claim but creates them for that partner's locations alone.
 */
export function scopeOf(principal: Principal, permission: Permission): Scope {
  const sides = grantingRoles(principal, permission).map((role) => roleSides[role]);
  if (sides.includes('vendor')) return everythingFor(principal);
  if (sides.includes('partner') && principal.partnerAccountId !== null && principal.locations.length > 0) {
    return { kind: 'partner', accountId: principal.partnerAccountId, locations: principal.locations };
  }
  if (sides.includes('customer') && principal.tenantId !== null) return { kind: 'tenant', tenantId: principal.tenantId };
  return { kind: 'nothing' };
}

function everythingFor({ actsFor, partnerAccountId }: Principal): Scope {
  return withPast({ kind: 'everything' }, partnerAccountId === null ? actsFor : [...actsFor, partnerAccountId]);
}

/** The same for somebody who acts for these partners too. */
export function withPast(scope: Scope, accounts: string[]): Scope {
  if (scope.kind !== 'everything' || accounts.length === 0) return scope;
  return { kind: 'everything', actsFor: [...new Set([...(scope.actsFor ?? []), ...accounts])] };
}

/** Whether the vendor's scope is that of somebody who acts for the partner. */
export const isActingFor = (scope: Scope, partnerAccountId: string): boolean =>
  scope.kind === 'everything' && scope.actsFor?.includes(partnerAccountId) === true;
