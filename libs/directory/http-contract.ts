import { z } from 'zod';
import { code, domain, email, guid, isoDateOrNull, language, name, partnerId, subscriptionFamily, subscriptionState } from './fields.js';

const many = 10_000;

const enrolledProgrammes = z.array(code).max(many).describe('Programmes the location is enrolled in at the instant `at`.');

export const Sibling = z.object({ partnerId, enrolledProgrammes });

export const Location = z.object({
  partnerId,
  name,
  globalAccountId: guid.describe('The global (HQ) account that owns the location.'),
  legalName: name,
  type: code.describe('`standard`, or a type that is unfit for claims, such as `frp`.'),
  isAgreementActive: z.boolean(),
  isProfileComplete: z.boolean().describe('Payout and tax profile.'),
  enrolledProgrammes,
  siblings: z.array(Sibling).max(many).describe('The other locations of the same global account.'),
});

export const Subscription = z.object({
  subscriptionId: guid,
  tenantId: guid,
  product: code.describe('Product code of the catalogue.'),
  family: subscriptionFamily,
  channel: code.describe('`volume_licensing`, `web_direct`, `csp`, or another channel by name.'),
  state: subscriptionState,
  provisionedOn: isoDateOrNull,
  endsOn: isoDateOrNull.describe('End of the term; null, or a date in the year 2200 or later, for a subscription without end.'),
  graceEndsOn: isoDateOrNull.describe('Up to when it may be used beyond its term; null for no grace.'),
  successorId: guid.nullable().describe('The subscription that renews it.'),
});

export const Tenant = z.object({
  tenantId: guid,
  name,
  domains: z.array(domain).min(1).max(many).describe('Verified domains.'),
  language: language.describe('In which its notices are written.'),
  isPublicSector: z.boolean(),
  workloads: z.array(code).max(many),
  admins: z
    .array(z.object({ adminId: guid, name, email }))
    .max(many)
    .describe('Registered administrators; every notice goes to them too.'),
  subscriptions: z.array(Subscription).max(many),
});

export const Identifier = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('subscription'), subscription: Subscription }),
  z.object({ kind: z.enum(['tenant', 'order', 'unknown']) }),
]);

/** What cpor sends. */
export const lookUpRequest = z.object({
  partnerId: z.string().describe('As the claim states it; may be malformed.'),
  tenantId: z.string().describe('In lower case; may be malformed.'),
  identifiers: z.array(z.string()).describe('What was given as subscription IDs, in lower case, each once.'),
  at: z.iso.datetime().describe('The instant that counts for what ends, such as enrolments.'),
});

/** What a vendor's service answers. Fields that are not listed are ignored. */
export const lookUpAnswer = z.object({
  location: Location.nullable().describe('Null when no location has the PartnerID.'),
  tenant: Tenant.nullable().describe('Null when the tenant is not known.'),
  identifiers: z.record(z.string().toLowerCase(), Identifier).describe('What each identifier that was asked about stands for.'),
});

export type LookUpRequest = z.output<typeof lookUpRequest>;
