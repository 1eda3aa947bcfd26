import { z } from 'zod';
import type { Policy } from './policy.js';

export interface PolicyFault {
  /** Where it is, such as `products.3.area`. */
  path: string;
  message: string;
}

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
  coolDownCalendarDays: z.int().min(0).max(366),
});

const evidence = z.strictObject({
  maximumBytes: z
    .int()
    .min(1024)
    .max(100 * 1024 * 1024),
  types: z.array(z.enum(['pdf', 'docx', 'xlsx', 'pptx', 'png', 'jpeg', 'csv'])).min(1),
  signatureMaximumAgeMonths: z.int().min(1).max(120),
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
    isDomainRequired: z.boolean(),
    isTechnicalContactRequired: z.boolean(),
    maximumProducts: z.int().min(1).max(10_000).nullable(),
    lateClaimDays: days.nullable(),
    evidence,
    acknowledgement: z.strictObject({ version: z.int().min(1).max(1_000_000), text: longText }),
    requestReasons: z.array(reason).min(1),
    rejectionReasons: z.array(reason.extend({ givenBy: z.enum(['reviewer', 'system']) })).min(1),
    exclusivityKey: z.enum(['target', 'target_and_activity']),
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

function inconsistencies(policy: Policy): PolicyFault[] {
  return [...repetitions(policy), ...activityFaults(policy), ...areaFaults(policy), ...productFaults(policy)];
}

function repetitions(policy: Policy): PolicyFault[] {
  const keys: Record<string, string[]> = {
    areas: policy.areas.map((area) => area.code),
    activities: policy.activities.flatMap((entry) => entry.areas.map((area) => `${entry.code} in ${area}`)),
    products: policy.products.map((entry) => entry.code),
    requestReasons: policy.requestReasons.map((entry) => entry.code),
    rejectionReasons: policy.rejectionReasons.map((entry) => entry.code),
  };
  return Object.entries(keys).flatMap(([path, values]) =>
    [...new Set(values.filter((value, index) => values.indexOf(value) !== index))].map((value) => ({
      path,
      message: `${value} occurs more than once`,
    })),
  );
}

function activityFaults(policy: Policy): PolicyFault[] {
  return policy.activities.flatMap((entry, index) => {
    const path = `activities.${index}`;
    const areas = entry.areas.flatMap((area) => unitFault(policy, area, entry.unit, path, 'areas'));
    const partners = entry.combinableWith
      .filter((other) => !policy.activities.some((candidate) => isMutual(entry, candidate, other)))
      .map((other) => ({ path: `${path}.combinableWith`, message: `${other} does not combine with ${entry.code} in turn` }));
    return [...areas, ...partners];
  });
}

const isMutual = (entry: Policy['activities'][number], candidate: Policy['activities'][number], other: string): boolean =>
  candidate.code === other && candidate.combinableWith.includes(entry.code) && candidate.areas.some((area) => entry.areas.includes(area));

function areaFaults(policy: Policy): PolicyFault[] {
  return policy.areas.flatMap((area, index) =>
    area.activities
      .filter((offered) => !policy.activities.some((entry) => entry.code === offered && entry.areas.includes(area.code)))
      .map((offered) => ({ path: `areas.${index}.activities`, message: `${offered} is not described for ${area.code}` })),
  );
}

function productFaults(policy: Policy): PolicyFault[] {
  return policy.products.flatMap((entry, index) => {
    const path = `products.${index}`;
    const offered = policy.areas.find((area) => area.code === entry.area)?.activities ?? entry.activities;
    const foreign = entry.activities
      .filter((candidate) => !offered.includes(candidate))
      .map((candidate) => ({ path: `${path}.activities`, message: `${candidate} is not offered in ${entry.area}` }));
    return [...unitFault(policy, entry.area, entry.unit, path, 'area'), ...foreign];
  });
}

function unitFault(policy: Policy, areaCode: string, expected: string, path: string, field: string): PolicyFault[] {
  const area = policy.areas.find((candidate) => candidate.code === areaCode);
  if (area === undefined) return [{ path: `${path}.${field}`, message: `there is no area ${areaCode}` }];
  return area.unit === expected ? [] : [{ path: `${path}.unit`, message: `the unit of ${areaCode} is ${area.unit}` }];
}
