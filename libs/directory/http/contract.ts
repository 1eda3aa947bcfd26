import { z } from 'zod';
import {
  code,
  domain,
  email,
  guid,
  isoDateOrNull,
  language,
  name,
  partnerId,
  subscriptionFamily,
  subscriptionState,
} from '../field-schemas.js';

const maximumItems = 10_000;

const enrolledProgrammes = z.array(code).max(maximumItems).describe('Programmes in which the location is enrolled at the instant `at`.');

export const Sibling = z.object({ partnerId, enrolledProgrammes });

export const Location = z.object({
  partnerId,
  name,
  globalAccountId: guid.describe('Global (HQ) account that owns the location.'),
  legalName: name,
  type: code.describe('`standard`, or a type that does not usually claim, such as `frp`.'),
  isAgreementActive: z.boolean(),
  isProfileComplete: z.boolean().describe('Whether the payout and tax profiles are validated.'),
  enrolledProgrammes,
  siblings: z.array(Sibling).max(maximumItems).describe('The other locations of the same global account.'),
});

export const Subscription = z.object({
  subscriptionId: guid,
  tenantId: guid,
  product: code.describe('Product code from the programme.'),
  family: subscriptionFamily,
  channel: code.describe('`volume_licensing`, `web_direct`, `csp`, or another channel by name.'),
  state: subscriptionState,
  provisionedOn: isoDateOrNull,
  endsOn: isoDateOrNull.describe('End of the term; null, or a date in the year 2200 or later, for a subscription without end.'),
  graceEndsOn: isoDateOrNull.describe('Last day of the grace period after the term; null for none.'),
  successorId: guid.nullable().describe('Subscription that replaces this one on renewal.'),
});

export const Tenant = z.object({
  tenantId: guid,
  name,
  domains: z.array(domain).min(1).max(maximumItems).describe('Verified domains.'),
  language: language.describe('Language of the notices.'),
  isPublicSector: z.boolean(),
  workloads: z.array(code).max(maximumItems),
  admins: z
    .array(z.object({ adminId: guid, name, email }))
    .max(maximumItems)
    .describe('Registered administrators; they receive every notice.'),
  subscriptions: z.array(Subscription).max(maximumItems),
});

export const Identifier = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('subscription'), subscription: Subscription }),
  z.object({ kind: z.enum(['tenant', 'order', 'unknown']) }),
]);

/** The request that cpor sends. */
export const lookUpRequest = z.object({
  partnerId: z.string().describe('As entered in the claim; may be malformed.'),
  tenantId: z.string().describe('In lower case; may be malformed.'),
  identifiers: z.array(z.string()).describe('Values entered as subscription IDs, in lower case, without duplicates.'),
  at: z.iso.datetime().describe('Instant at which enrolments and the like must be valid.'),
});

/** The answer of a vendor's service. Unknown fields are ignored. */
export const lookUpAnswer = z.object({
  location: Location.nullable().describe('Null if no location has this PartnerID.'),
  tenant: Tenant.nullable().describe('Null if the tenant is unknown.'),
  identifiers: z.record(z.string().toLowerCase(), Identifier).describe('What each requested identifier is.'),
});

export type LookUpRequest = z.output<typeof lookUpRequest>;
