/** The roles that a token can carry (domain.md 1.2), and the side that each belongs to. */
export const roleSides = {
  claim_admin: 'partner',
  claim_user: 'partner',
  account_admin: 'partner',
  usage_viewer: 'partner',
  usage_executive: 'partner',
  reviewer: 'vendor',
  vendor_admin: 'vendor',
  vendor_support: 'vendor',
  operator: 'vendor',
  tenant_admin: 'customer',
} as const satisfies Record<string, 'partner' | 'vendor' | 'customer'>;

export type Role = keyof typeof roleSides;

export const roles = Object.keys(roleSides) as Role[];

export function isRole(value: string): value is Role {
  return Object.hasOwn(roleSides, value);
}
