import type { Principal } from './principal.js';
import type { Role } from './role.js';

const partnerClaims = ['claim_admin', 'claim_user'] as const;
const partnerAdmin = ['claim_admin'] as const;
const vendorReaders = ['reviewer', 'vendor_admin', 'vendor_support'] as const;
const everyone = [
  'claim_admin',
  'claim_user',
  'account_admin',
  'usage_viewer',
  'usage_executive',
  'reviewer',
  'vendor_admin',
  'vendor_support',
  'operator',
  'tenant_admin',
] as const;

/**
 * Which roles have which permission (domain.md 1.2 and 5, D16; evidence by R19), always within their scope.
 * Roles do not inherit from each other, and what is not listed is forbidden.
 */
export const permissions = {
  'claims.create': partnerClaims,
  'claims.edit': partnerClaims,
  'claims.submit': partnerClaims,
  'claims.answer': partnerClaims,
  'claims.withdraw': partnerClaims,
  'claims.dispute': partnerAdmin,
  'claims.read': [...partnerClaims, ...vendorReaders],
  'claims.history': [...partnerClaims, ...vendorReaders, 'tenant_admin'],
  'claims.process': [...partnerClaims, ...vendorReaders, 'operator'],
  'snapshots.share': [...partnerClaims, 'reviewer', 'vendor_admin'],
  'evidence.add': partnerClaims,
  'evidence.read': [...partnerClaims, 'reviewer'],
  'comments.read': [...partnerClaims, ...vendorReaders],
  'comments.write': [...partnerClaims, 'reviewer', 'vendor_support'],
  'comments.internal': ['reviewer', 'vendor_support'],
  'reviews.start': ['reviewer'],
  'reviews.ask': ['reviewer'],
  'reviews.decide': ['reviewer'],
  'reviews.extend': ['reviewer'],
  'disputes.decide': ['reviewer'],
  'rivals.read': ['reviewer'],
  'reports.breaches': ['reviewer', 'vendor_admin'],
  'reports.calendars': ['vendor_admin', 'operator'],
  'reports.operations': ['vendor_admin', 'operator'],
  'reports.repairs': ['vendor_admin', 'operator'],
  'associations.read': [...partnerClaims, ...vendorReaders, 'tenant_admin'],
  'associations.disassociate': partnerAdmin,
  'associations.transfer': partnerAdmin,
  'associations.revoke': ['vendor_admin'],
  'associations.check': ['vendor_admin', 'operator'],
  'associations.refuse': ['tenant_admin'],
  'associations.accept': ['tenant_admin'],
  'choices.answer': ['tenant_admin'],
  'partners.block': ['tenant_admin'],
  'events.read': [...partnerClaims, ...vendorReaders, 'operator', 'tenant_admin'],
  'webhooks.manage': [...partnerAdmin, 'account_admin', 'vendor_admin', 'tenant_admin'],
  'usage.read': ['usage_viewer', 'usage_executive'],
  'usage.executive': ['usage_executive'],
  'usage.write': ['vendor_admin', 'operator'],
  'usage.refusals': ['vendor_admin', 'operator'],
  'accounts.assign': ['account_admin'],
  'tenant_log.read': ['tenant_admin'],
  'catalogue.read': everyone,
  'catalogue.write': ['vendor_admin'],
  'calendars.read': everyone,
  'calendars.write': ['vendor_admin'],
  'operations.read': everyone,
  'notices.bounce': ['operator'],
  'retention.hold': ['vendor_admin', 'operator'],
  'contacts.export': ['vendor_admin', 'operator'],
  'notices.resend': [...partnerClaims, 'reviewer'],
  'reconcile.run': ['operator'],
  'sessions.own': everyone,
  'sessions.end': ['operator'],
  'sandbox.advance': ['claim_admin', 'reviewer', 'vendor_admin', 'operator'],
  'sandbox.read': everyone,
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof permissions;

/** Returns the principal's roles that grant the permission. */
export function grantingRoles(principal: Principal, permission: Permission): Role[] {
  const granting: readonly Role[] = permissions[permission];
  return principal.roles.filter((role) => granting.includes(role));
}

export function can(principal: Principal, permission: Permission): boolean {
  return grantingRoles(principal, permission).length > 0;
}

/** Returns whether the reviewer belongs to this partner or acts for it, and therefore must not review its claims. */
export function isSelfReview(principal: Pick<Principal, 'partnerAccountId' | 'actsFor'>, partnerAccountId: string): boolean {
  return principal.partnerAccountId === partnerAccountId || principal.actsFor.includes(partnerAccountId);
}
