import { z } from 'zod';
import { isBefore } from '#libs/claims/instants.js';
import { pastedInLowerCase } from '#libs/identifiers/index.js';
import {
  code,
  domain,
  email,
  endDateOrNull,
  guid,
  isoDateOrNull,
  language,
  name,
  partnerId,
  subscriptionFamily,
  subscriptionState,
} from '../field-schemas.js';

const enrolment = z.strictObject({
  programme: code,
  state: z.enum(['enrolled', 'pending', 'ended']).default('enrolled'),
  validUntil: endDateOrNull.default(null),
});

const location = z.strictObject({
  partnerId,
  name,
  /** `standard`, or a type that does not usually claim. */
  type: code.default('standard'),
  isProfileComplete: z.boolean().default(true),
  enrolments: z.array(enrolment).default([]),
});

const account = z.strictObject({
  accountId: guid,
  legalName: name,
  isAgreementActive: z.boolean().default(true),
  locations: z.array(location).min(1),
});

const subscription = z
  .strictObject({
    subscriptionId: guid,
    product: code,
    family: subscriptionFamily,
    /** `volume_licensing`, `web_direct`, `csp`, or another channel by name. */
    channel: code,
    state: subscriptionState,
    provisionedOn: isoDateOrNull.default(null),
    endsOn: endDateOrNull.default(null),
    graceEndsOn: endDateOrNull.default(null),
    /** The subscription that replaces this one on renewal. */
    successorId: guid.nullable().default(null),
  })
  .superRefine(({ subscriptionId, endsOn, graceEndsOn, successorId }, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (successorId === subscriptionId) fault('successorId', 'must not be the subscription itself');
    if (graceEndsOn !== null && (endsOn === null || isBefore(graceEndsOn, endsOn))) fault('graceEndsOn', 'must not be earlier than endsOn');
  });

const order = z
  .string()
  .overwrite(pastedInLowerCase)
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');

const tenant = z.strictObject({
  tenantId: guid,
  name,
  /** ISO 3166-1, two letters. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be two capital letters')
    .nullable()
    .default(null),
  language,
  isPublicSector: z.boolean().default(false),
  domains: z.array(domain).min(1),
  admins: z.array(z.strictObject({ adminId: guid, name, email })).default([]),
  workloads: z.array(code).default([]),
  subscriptions: z.array(subscription).default([]),
  orders: z.array(order).default([]),
});

/** The document that fills the built-in directory: partner accounts and customer tenants. */
const directoryDocument = z
  .strictObject({ accounts: z.array(account), tenants: z.array(tenant) })
  .superRefine(({ accounts, tenants }, context) => {
    const keys: Record<string, string[]> = {
      'account ID': accounts.map((entry) => entry.accountId),
      PartnerID: accounts.flatMap((entry) => entry.locations.map((item) => item.partnerId)),
      enrolment: accounts.flatMap((entry) =>
        entry.locations.flatMap((item) => item.enrolments.map(({ programme }) => `${item.partnerId} in ${programme}`)),
      ),
      'tenant ID': tenants.map((entry) => entry.tenantId),
      domain: tenants.flatMap((entry) => entry.domains),
      'admin ID': tenants.flatMap((entry) => entry.admins.map((item) => item.adminId)),
      workload: tenants.flatMap((entry) => entry.workloads.map((item) => `${item} of ${entry.tenantId}`)),
      'subscription ID': tenants.flatMap((entry) => entry.subscriptions.map((item) => item.subscriptionId)),
      'order ID': tenants.flatMap((entry) => entry.orders),
    };
    for (const [kind, values] of Object.entries(keys)) {
      for (const value of repeated(values)) context.addIssue({ code: 'custom', message: `${kind} ${value} occurs more than once` });
    }
  });

export type DirectoryDocument = z.output<typeof directoryDocument>;

export interface DirectoryFault {
  /** Path such as `tenants.2.domains.0`; empty if the whole document is at fault. */
  path: string;
  message: string;
}

export type ParsedDirectory = { ok: true; document: DirectoryDocument } | { ok: false; faults: DirectoryFault[] };

/** Validates a directory document and returns either the document or all of its faults. */
export function parseDirectory(input: unknown): ParsedDirectory {
  const parsed = directoryDocument.safeParse(input);
  if (parsed.success) return { ok: true, document: parsed.data };
  return { ok: false, faults: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) };
}

function repeated(values: string[]): Set<string> {
  const seen = new Set<string>();
  return new Set(values.filter((value) => seen.has(value) || !seen.add(value)));
}
