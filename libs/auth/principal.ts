import { z } from 'zod';
import { isRole, type Role } from './role.js';

/** Who calls, as the token says. */
export interface Principal {
  /** The issuer's stable id of the person or system. */
  subject: string;
  roles: Role[];
  /** Global (HQ) account of the partner. */
  partnerAccountId: string | null;
  /** PartnerIDs of the locations the caller may see. */
  locations: string[] | 'all';
  /** Lower case GUID. */
  tenantId: string | null;
  /** Partner accounts the caller works for and therefore may not review. */
  actsFor: string[];
}

/** The claims of an access token, in the names issuers must use. Roles that are not cpor's are ignored. */
const tokenClaims = z.object({
  sub: z.string().min(1).max(255),
  cpor_roles: z.array(z.string()).default([]),
  cpor_partner: z.string().min(1).max(255).optional(),
  cpor_locations: z.array(z.union([z.literal('*'), z.string().regex(/^[0-9]{4,10}$/)])).default([]),
  cpor_tenant: z.guid().toLowerCase().optional(),
  cpor_acts_for: z.array(z.string().min(1)).default([]),
});

/**
 * Reads a principal from verified claims.
 * @throws z.ZodError when a claim has the wrong form.
 */
export function toPrincipal(payload: Record<string, unknown>): Principal {
  const claims = tokenClaims.parse(payload);
  return {
    subject: claims.sub,
    roles: [...new Set(claims.cpor_roles.filter(isRole))],
    partnerAccountId: claims.cpor_partner ?? null,
    locations: claims.cpor_locations.includes('*') ? 'all' : claims.cpor_locations,
    tenantId: claims.cpor_tenant ?? null,
    actsFor: claims.cpor_acts_for,
  };
}
