import { z } from 'zod';
import type { IdentifierFacts } from '#libs/claims/facts.js';
import { code, domain, email, guid, isoDateOrNull, language, name, partnerId, subscriptionFamily, subscriptionState } from './fields.js';
import type { DirectoryAnswer } from './provider.js';
import { DirectoryUnavailable } from './unavailable.js';

const many = 10_000;

const enrolledProgrammes = z.array(code).max(many).describe('Programmes the location is enrolled in at the instant `at`.');

export const Location = z.object({
  partnerId,
  name,
  globalAccountId: guid.describe('The global (HQ) account that owns the location.'),
  legalName: name,
  type: code.describe('`standard`, or a type that is unfit for claims, such as `frp`.'),
  isAgreementActive: z.boolean(),
  isProfileComplete: z.boolean().describe('Payout and tax profile.'),
  enrolledProgrammes,
  siblings: z.array(z.object({ partnerId, enrolledProgrammes })).max(many).describe('The other locations of the same global account.'),
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

/**
 * Reads an answer against its question.
 * @throws DirectoryUnavailable that names the fields at fault, never their values.
 */
export function readAnswer(body: unknown, asked: LookUpRequest): DirectoryAnswer {
  const parsed = lookUpAnswer.safeParse(body);
  if (!parsed.success) throw malformed(parsed.error.issues.map(({ path }) => path.slice(0, 4).join('.') || 'the whole answer'));
  const { location, tenant, identifiers } = parsed.data;
  const wrong = [
    ...(location !== null && location.partnerId !== asked.partnerId ? ['location.partnerId'] : []),
    ...(tenant !== null && tenant.tenantId !== asked.tenantId ? ['tenant.tenantId'] : []),
    ...(tenant?.subscriptions.some(({ tenantId }) => tenantId !== tenant.tenantId) ? ['tenant.subscriptions'] : []),
    ...(asked.identifiers.some((one) => !isTold(identifiers, one)) ? ['identifiers'] : []),
  ];
  if (wrong.length > 0) throw malformed(wrong);
  const known = asked.identifiers.map((one) => [one, identifiers[one]] as [string, IdentifierFacts]);
  return { askedAt: asked.at, location, tenant, identifiers: Object.fromEntries(known) };
}

function isTold(identifiers: Record<string, z.output<typeof Identifier>>, asked: string): boolean {
  const told = Object.hasOwn(identifiers, asked) ? identifiers[asked] : undefined;
  return told !== undefined && (told.kind !== 'subscription' || told.subscription.subscriptionId === asked);
}

function malformed(fields: string[]): DirectoryUnavailable {
  const named = [...new Set(fields)].slice(0, 5).join(', ');
  return new DirectoryUnavailable('malformed', `The directory's answer breaks the contract at ${named}.`);
}
