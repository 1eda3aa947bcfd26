import { grantingRoles, type Permission } from './permission.js';
import type { Principal } from './principal.js';
import { roleSides } from './role.js';

/** What a caller may know. Every query takes one; what lies outside does not exist for the caller. */
export type Scope =
  | { kind: 'everything' }
  | { kind: 'partner'; accountId: string; locations: string[] | 'all' }
  | { kind: 'tenant'; tenantId: string }
  | { kind: 'nothing' };

/**
 * The scope in which a principal holds a permission. Only roles that grant the permission count, so that a reviewer who also claims for a
 * partner reads every claim but creates them for that partner's locations alone.
 */
export function scopeOf(principal: Principal, permission: Permission): Scope {
  const sides = grantingRoles(principal, permission).map((role) => roleSides[role]);
  if (sides.includes('vendor')) return { kind: 'everything' };
  if (sides.includes('partner') && principal.partnerAccountId !== null && principal.locations.length > 0) {
    return { kind: 'partner', accountId: principal.partnerAccountId, locations: principal.locations };
  }
  if (sides.includes('customer') && principal.tenantId !== null) return { kind: 'tenant', tenantId: principal.tenantId };
  return { kind: 'nothing' };
}
