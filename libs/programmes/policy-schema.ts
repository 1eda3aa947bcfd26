import { z } from 'zod';
import type { Policy } from './policy.js';
import { inconsistencies, type PolicyFault } from './policy-consistency.js';

export type ParsedPolicy = { ok: true; policy: Policy } | { ok: false; faults: PolicyFault[] };

const code = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'a code is lower case letters, digits and underscores');
const line = z.string().trim().min(1).max(200);
const label = z.strictObject({ en: line, ru: line });
const longText = z.strictObject({ en: z.string().trim().min(1).max(4000), ru: z.string().trim().min(1).max(4000) });
const days = z.int().min(1).max(366);
const unit = z.enum(['workload', 'subscription']);
const reason = z.strictObject({ code, label });

const activity = z.strictObject({
  code: z.enum(['presales', 'usage', 'revenue_association']),
  areas: z.array(code).min(1),
  label,
  label2023: label,
  unit,
  combinableWith: z.array(code),
  isIncentivised: z.boolean(),
  requiredFields: z.array(line),
});

const product = z.strictObject({
  code,
  area: code,
  label,
  unit,
  activities: z.array(code).min(1),
  synonyms: z.array(line),
  family: z.enum(['dynamics', 'microsoft_365', 'other']),
  state: z.enum(['active', 'retired']),
});

const clocks = z.strictObject({
  reviewStartBusinessDays: days,
  reviewDecisionBusinessDays: days,
  answerBusinessDays: days,
  consentWindow: z.strictObject({ days, unit: z.enum(['business_day', 'calendar_day', 'second']) }),
  disputeCalendarDays: days,
  disputeAnswerBusinessDays: days,
  hearingBusinessDays: days,
  coolDownCalendarDays: z.int().min(0).max(366),
  expiryNoticeDays: z.array(days).max(10),
});

const evidence = z.strictObject({
  maximumBytes: z
    .int()
    .min(1024)
    .max(100 * 1024 * 1024),
  types: z.array(z.enum(['pdf', 'docx', 'xlsx', 'pptx', 'png', 'jpeg', 'csv'])).min(1),
  signatureMaximumAgeMonths: z.int().min(1).max(120),
  isTemplateRequired: z.boolean(),
  customerSees: z.enum(['names', 'full']),
});

const usage = z.strictObject({
  suppressBelow: z.int().min(1).max(1_000_000).nullable(),
  hasBaselineMonth: z.boolean(),
  afterEnd: z.enum(['nothing', 'months_of_tenure']),
  executiveColumns: z.array(line),
});

const statementTemplate = z.strictObject({
  code,
  title: label,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a digest is 64 lower-case hexadecimal digits'),
  fields: z.array(z.enum(['tenantId', 'domain', 'products', 'activities', 'signedOn'])).min(1),
  state: z.enum(['active', 'retired']),
});

const automaticApproval = z.strictObject({
  code,
  areas: z.array(code).min(1),
  activities: z.array(code).min(1),
  products: z.array(code).min(1).nullable(),
  template: code.nullable(),
  maximumLines: z.int().min(1).max(10_000).nullable(),
});

const policySchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a name is lower case letters, digits and hyphens'),
    version: z.int().min(1).max(1_000_000),
    effectiveFrom: z.iso.date(),
    vendor: z.strictObject({ name: line, contactEmail: z.email(), explanationUrl: z.url({ protocol: /^https$/ }) }),
    calendar: line,
    areas: z.array(z.strictObject({ code, label, unit, activities: z.array(code).min(1), enrolmentProgramme: code })).min(1),
    activities: z.array(activity).min(1),
    products: z.array(product).min(1),
    clocks,
    noticeTiming: z.enum(['on_approval', 'on_submit']),
    consent: z.enum(['opt_out', 'opt_in']),
    publicSectorConsent: z.enum(['opt_out', 'opt_in']),
    isDomainRequired: z.boolean(),
    isTechnicalContactRequired: z.boolean(),
    maximumProducts: z.int().min(1).max(10_000).nullable(),
    lateClaimDays: days.nullable(),
    evidence,
    acknowledgement: z.strictObject({ version: z.int().min(1).max(1_000_000), text: longText }),
    requestReasons: z.array(reason).min(1),
    rejectionReasons: z.array(reason.extend({ givenBy: z.enum(['reviewer', 'system']) })).min(1),
    exclusivityKey: z.enum(['target', 'target_and_activity']),
    termMonths: z.int().min(1).max(1200).nullable(),
    whenEnrolmentIsLost: z.enum(['keep', 'end']),
    usage,
    retention: z.strictObject({ eventYears: z.int().min(1).max(100), evidenceMonths: z.int().min(1).max(1200) }),
    statementTemplates: z.array(statementTemplate),
    automaticApprovals: z.array(automaticApproval),
  })
  .superRefine((policy, context) => {
    for (const fault of inconsistencies(policy)) {
      context.addIssue({ code: 'custom', path: fault.path.split('.'), message: fault.message });
    }
  }) satisfies z.ZodType<Policy>;

/** Reads a policy from outside and lists everything that is wrong with it. Seconds are for sandboxes: refused unless allowed. */
export function parsePolicy(input: unknown, options: { allowSeconds?: boolean } = {}): ParsedPolicy {
  const parsed = policySchema.safeParse(input);
  if (!parsed.success) {
    return { ok: false, faults: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) };
  }
  const policy = parsed.data;
  if (policy.clocks.consentWindow.unit === 'second' && !options.allowSeconds) {
    return { ok: false, faults: [{ path: 'clocks.consentWindow.unit', message: 'a window in seconds is for sandbox mode only' }] };
  }
  return { ok: true, policy };
}
