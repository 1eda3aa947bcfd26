import type { Actor } from '#libs/claims/index.js';
import type { Caller } from '../auth/caller.js';

const kinds = { partner: 'partner', tenant: 'customer', everything: 'reviewer', nothing: 'system' } as const;

/** Returns the caller as commands and events name it. A member of a partner acts for that partner too, so nobody reviews their own claim. */
export function actorOf({ principal, scope }: Pick<Caller, 'principal' | 'scope'>): Actor {
  const { subject, roles, actsFor, partnerAccountId } = principal;
  const isOperator = scope.kind === 'everything' && roles.every((role) => role === 'operator');
  return {
    kind: isOperator ? 'operator' : kinds[scope.kind],
    subject,
    actsFor: partnerAccountId === null ? actsFor : [...new Set([...actsFor, partnerAccountId])],
  };
}
