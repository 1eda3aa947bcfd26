import { z } from 'zod';
import { type Permission, permissions, roles } from '#libs/auth/index.js';
import { type CallerLimit, callerLimits } from '#libs/config/index.js';

const permissionNames = Object.keys(permissions) as [Permission, ...Permission[]];

export const Me = z
  .object({
    subject: z.string().describe("The issuer's id of the person or system."),
    name: z.string().nullable().describe('What the issuer calls the person, if the token says so.'),
    roles: z.array(z.enum(roles)).describe('Empty if the token has no role that is known here.'),
    permissions: z
      .array(z.enum(permissionNames))
      .describe('What the roles allow, within their scope. What may be done with one claim is in its `allowedActions`. More may be added.'),
    partner: z
      .object({
        partnerAccountId: z.string(),
        name: z.string().nullable().describe('Legal name of the company.'),
        coversAllLocations: z.boolean().describe('Whether the roles extend to every location of the company.'),
        locations: z
          .array(z.object({ partnerId: z.string(), name: z.string().nullable() }))
          .describe('Locations that the roles extend to, by PartnerID.'),
        isComplete: z.boolean().describe('False if there may be more locations: the directory did not answer, or cannot list them.'),
      })
      .nullable()
      .describe('The partner for whom the caller acts; null for others.'),
    tenant: z
      .object({ tenantId: z.string(), name: z.string().nullable(), language: z.enum(['en', 'ru']).nullable() })
      .nullable()
      .describe("The customer's tenant that the caller administers; null for others."),
    actsFor: z.array(z.string()).describe('Partner accounts whose claims a member of the vendor’s staff must not review.'),
    limits: z
      .array(
        z.object({
          name: z.enum(callerLimits as [CallerLimit, ...CallerLimit[]]).describe('As in the header `RateLimit-Policy`. More may be added.'),
          requests: z.number().int().min(1).max(9_999_999).describe('Requests that can be made at once, and again in so many seconds.'),
          seconds: z.number().int().min(1).max(99_999),
          remaining: z.number().int().min(0).max(9_999_999).describe('Requests left now, as far as this process knows.'),
        }),
      )
      .describe('How many requests the caller may make, by kind; empty if the installation has no limits.'),
    mode: z.enum(['sandbox', 'production']),
    language: z.enum(['en', 'ru']).describe("The person's language if the token names one, else the tenant's, else English."),
  })
  .meta({ id: 'Me' });
export type Me = z.output<typeof Me>;
