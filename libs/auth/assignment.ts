import type { Grant, Principal } from './principal.js';
import { type Role, roleSides, roles } from './role.js';

/** The roles that a partner assigns to its people. */
export const assignableRoles = roles.filter((role) => roleSides[role] === 'partner');

/** Roles that an account admin has given to a person, within the account. */
export interface RoleAssignment {
  partnerAccountId: string;
  roles: Role[];
  locations: string[] | 'all';
}

/**
 * Returns whether a partner can assign roles to the holder of a token. Not to staff of the vendor or of a customer, who know nothing of it: a partner
 * could otherwise keep any reviewer from its claims, or from those of its rivals, by naming them.
 */
export const isAssignable = ({ roles: held, tenantId, actsFor }: Principal): boolean =>
  held.every((role) => roleSides[role] === 'partner') && tenantId === null && actsFor.length === 0;

/**
 * Adds an assignment to what the token says. It counts only in its own account: the one that the token names, or if the token names none, the one
 * that assigned. Roles of a token without an account extend to nothing, and still do.
 */
export function withAssignment(principal: Principal, assignment: RoleAssignment | null): Principal {
  const { partnerAccountId } = principal;
  if (assignment === null || !isAssignable(principal)) return principal;
  if (partnerAccountId !== null && partnerAccountId !== assignment.partnerAccountId) return principal;
  const fromToken: Grant[] = partnerAccountId === null ? [] : [{ by: 'token', roles: principal.roles, locations: principal.locations }];
  const grants: Grant[] = [...fromToken, { by: 'assignment', roles: assignment.roles, locations: assignment.locations }];
  return {
    ...principal,
    partnerAccountId: assignment.partnerAccountId,
    roles: [...new Set(grants.flatMap((grant) => grant.roles))],
    locations: joinLocations(grants),
    grants,
  };
}

/** Returns all locations of some grants. */
export function joinLocations(grants: readonly Pick<Grant, 'locations'>[]): string[] | 'all' {
  const all = grants.map(({ locations }) => locations);
  return all.includes('all') ? 'all' : [...new Set(all.flat())];
}

/** Returns whether the issuer, and not only an assignment, gives the role. */
export const hasByToken = ({ roles: held, grants }: Principal, role: Role): boolean =>
  grants === undefined ? held.includes(role) : grants.some((grant) => grant.by === 'token' && grant.roles.includes(role));
