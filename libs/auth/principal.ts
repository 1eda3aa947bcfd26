import { z } from 'zod';
import { isRole, type Role } from './role.js';

/** Roles and the locations they extend to, by where they come from. */
export interface Grant {
  by: 'token' | 'assignment';
  roles: Role[];
  locations: string[] | 'all';
}

/** The caller according to the token, and to the roles that a partner has assigned. */
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
  /** Present if a partner has assigned roles: `roles` and `locations` sum these up, but a role extends only to the locations of its own grant. */
  grants?: Grant[];
  /** What the issuer calls the person: for display only, never stored. */
  displayName?: string;
  /** The person's own language, if the issuer knows it and we speak it. */
  language?: 'en' | 'ru';
}

/** Text that is stored in commands, events and access logs, which cannot hold NUL or lone surrogates. */
const identity = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text));
/** More than anyone has, and as many as request headers can carry. */
const many = 10_000;

/** Claims of an access token, with the names that issuers must use. Unknown roles are ignored. */
const tokenClaims = z.object({
  sub: identity,
  cpor_roles: z.array(z.unknown()).max(many).default([]),
  cpor_partner: identity.optional(),
  cpor_locations: z
    .array(z.union([z.literal('*'), z.string().regex(/^[0-9]{4,10}$/)]))
    .max(many)
    .default([]),
  cpor_tenant: z.guid().toLowerCase().optional(),
  cpor_acts_for: z.array(identity).max(many).default([]),
  // Courtesies of OpenID Connect: one that cannot be read is no reason to refuse the token.
  name: identity.optional().catch(undefined),
  locale: z.string().optional().catch(undefined),
});

/**
 * Reads a principal from verified claims.
 * @throws z.ZodError when a claim has the wrong form.
 */
export function toPrincipal(payload: Record<string, unknown>): Principal {
  const claims = tokenClaims.parse(payload);
  return {
    subject: claims.sub,
    roles: [...new Set(claims.cpor_roles.filter((role) => typeof role === 'string' && isRole(role)))] as Role[],
    partnerAccountId: claims.cpor_partner ?? null,
    locations: claims.cpor_locations.includes('*') ? 'all' : claims.cpor_locations,
    tenantId: claims.cpor_tenant ?? null,
    actsFor: claims.cpor_acts_for,
    ...(claims.name !== undefined && { displayName: claims.name }),
    ...languageOf(claims.locale),
  };
}

function languageOf(locale: string | undefined): Pick<Principal, 'language'> {
  const language = /^(en|ru)(?:[-_]|$)/i.exec(locale ?? '')?.[1]?.toLowerCase();
  return language === 'en' || language === 'ru' ? { language } : {};
}
