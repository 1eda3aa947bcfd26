import { z } from 'zod';
import type { Policy } from './policy.js';
import { inconsistencies } from './policy-consistency.js';

// PostgreSQL's jsonb takes neither NUL nor half a surrogate pair.
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const code = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'a code is lower case letters, digits and underscores')
  .describe('Lower case letters, digits and underscores; stable for ever, since claims and events carry it.');
const text = (maximum: number) => z.string().trim().min(1).max(maximum).refine(isStorable, 'must be well-formed Unicode without NUL');
const line = text(200);
const label = z.strictObject({ en: line, ru: line }).describe('What people read, in each language.');
const longText = z.strictObject({ en: text(4000), ru: text(4000) });
const days = z.int().min(1).max(366);
const businessDays = (meaning: string) => days.describe(`Business days ${meaning}`);
const unit = z.enum(['workload', 'subscription']).describe('What is claimed: a workload of a tenant, or a subscription.');
const reason = z.strictObject({ code, label });
const codes = z.array(code).min(1);
const consent = z.enum(['opt_out', 'opt_in']);

const vendor = z.strictObject({
  name: line,
  contactEmail: z.email().max(200),
  explanationUrl: z
    .url({ protocol: /^https$/ })
    .max(2000)
    .describe('Page of the vendor that explains the programme to customers.'),
});

const area = z.strictObject({
  code,
  label,
  unit,
  activities: codes.describe('Activities that are offered; each is described under `activities` for this area.'),
  enrolmentProgramme: code.describe('Programme in which a location must be enrolled to claim in this area.'),
});

const activity = z.strictObject({
  code: z.enum(['presales', 'usage', 'revenue_association']).describe('What the partner did.'),
  areas: codes.describe('Areas that this description is for; an activity may be described apart for each.'),
  label,
  label2023: label.describe('The partner role of 2023, shown where the newer vocabulary is wanted.'),
  unit,
  combinableWith: z.array(code).describe('Activities that may stand on the same line; it must be mutual.'),
  isIncentivised: z.boolean().describe('Whether an incentive programme may pay for it; nothing is computed from it here.'),
  requiredFields: z.array(line).describe('Fields of a claim that this activity needs besides the common ones.'),
});

const product = z.strictObject({
  code,
  area: code,
  label,
  unit,
  activities: codes.describe('Activities for which it can be claimed.'),
  synonyms: z.array(line).describe('Other names under which sources and users know it.'),
  family: z.enum(['dynamics', 'microsoft_365', 'other']).describe('Family that a subscription to it must have.'),
  state: z.enum(['active', 'retired']).describe('A retired product takes no new claims.'),
});

const clocks = z.strictObject({
  reviewStartBusinessDays: businessDays('from submission to the start of review (K1).'),
  reviewDecisionBusinessDays: businessDays('from the start of review to the decision (K2).'),
  answerBusinessDays: businessDays("for the partner's answer to an information request (K4)."),
  consentWindow: z
    .strictObject({ days: days.describe('How many.'), unit: z.enum(['business_day', 'calendar_day', 'second']).describe('Of what.') })
    .describe("The customer's window (K5). Seconds are for sandbox mode only."),
  disputeCalendarDays: days.describe('Calendar days in which a rejection can be disputed (K7).'),
  disputeAnswerBusinessDays: businessDays("for the vendor's answer to a dispute (K8)."),
  hearingBusinessDays: businessDays("for the holder of a target to answer a rival's claim (K9)."),
  coolDownCalendarDays: z.int().min(0).max(366).describe('Calendar days after a refusal by the customer before a new claim (K10).'),
  expiryNoticeDays: z
    .array(days)
    .max(10)
    .describe('Calendar days before the end of an association on which it is announced, the longest first (K13).'),
});

const evidence = z.strictObject({
  maximumBytes: z
    .int()
    .min(1024)
    .max(100 * 1024 * 1024)
    .describe('Largest file.'),
  types: z
    .array(z.enum(['pdf', 'docx', 'xlsx', 'pptx', 'png', 'jpeg', 'csv']))
    .min(1)
    .describe('File types that are taken, told by content.'),
  signatureMaximumAgeMonths: z.int().min(1).max(120).describe('Oldest signature accepted at submission (K12).'),
  isTemplateRequired: z.boolean().describe('Whether a claim needs one of `statementTemplates` as its evidence.'),
  customerSees: z.enum(['names', 'full']).describe('What a notice shows: file names and the signature date, or the files as well.'),
});

const usage = z.strictObject({
  suppressBelow: z.int().min(1).max(1_000_000).nullable().describe('Counts below it are not shown; null shows all.'),
  hasBaselineMonth: z.boolean().describe('Whether the month before the association is shown for comparison.'),
  afterEnd: z.enum(['nothing', 'months_of_tenure']).describe('What stays readable after the end.'),
  executiveColumns: z.array(line).max(100).describe('Columns shown to executive viewers alone, as revenue and personal data must be.'),
});

const retention = z.strictObject({
  eventYears: z.int().min(1).max(100).describe('Years for which events are kept after the end of an association or claim (K14).'),
  evidenceMonths: z.int().min(1).max(1200).describe('Months for which evidence files are kept (K14).'),
});

const statementTemplate = z.strictObject({
  code,
  title: label,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'a digest is 64 lower-case hexadecimal digits')
    .describe('SHA-256 of the blank file.'),
  fields: z
    .array(z.enum(['tenantId', 'domain', 'products', 'activities', 'signedOn']))
    .min(1)
    .describe('What the filled form states and the claim must equal.'),
  state: z.enum(['active', 'retired']).describe('A retired template serves no new claims.'),
});

const automaticApproval = z
  .strictObject({
    code,
    areas: codes.describe('The areas it holds for.'),
    activities: codes.describe('The activities it holds for; each on the claim must be one of them.'),
    products: codes.nullable().describe('The products it holds for, or null for all of its areas.'),
    template: code.nullable().describe('The statement template the claim must be made on, or null for any evidence.'),
    maximumLines: z.int().min(1).max(10_000).nullable().describe('Most lines on the claim, or null for no limit.'),
  })
  .describe('Approves a claim without a reviewer when each condition holds; never one with a rival, a hold or a mismatch.');

const fields = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a name is at most 40 lower case letters, digits and hyphens')
    .describe('Name of the programme: lower case letters, digits and hyphens.'),
  version: z.int().min(1).max(1_000_000).describe('From 1, counted up with each publication.'),
  effectiveFrom: z.iso.date().describe('Date from which new claims take this version; it begins at 00:00 UTC.'),
  vendor: vendor.describe('Who runs the programme, as customers read it.'),
  language: z.enum(['en', 'ru']).describe("Language in which partners and the vendor are written to; a customer is in its tenant's."),
  calendar: line.describe('Name of a published calendar, in which business days are counted.'),
  areas: z.array(area).min(1).max(100).describe('Solution areas.'),
  activities: z.array(activity).min(1).max(300).describe('What a partner can have done.'),
  products: z.array(product).min(1).max(10_000).describe('Products and workloads.'),
  clocks: clocks.describe('How long each may take; business days are those of the calendar.'),
  noticeTiming: z.enum(['on_approval', 'on_submit']).describe('When the customer is told. The window never closes before approval.'),
  consent: consent.describe('Whether silence of the customer accepts (`opt_out`) or refuses (`opt_in`).'),
  publicSectorConsent: consent.describe('The same for a tenant with the public-sector flag.'),
  isDomainRequired: z.boolean().describe("Whether a claim names the customer's domain."),
  isTechnicalContactRequired: z.boolean().describe('Whether a claim to a Dynamics product names a technical contact.'),
  maximumProducts: z.int().min(1).max(10_000).nullable().describe('Most products on one claim, or null for no limit.'),
  lateClaimDays: days.nullable().describe('Most calendar days from the transaction to the claim, or null for no limit (K12).'),
  evidence: evidence.describe('What proves the work.'),
  acknowledgement: z
    .strictObject({
      version: z.int().min(1).max(1_000_000).describe('Kept with each claim.'),
      text: longText.describe('In each language.'),
    })
    .describe('What the partner confirms at submission; another text needs a higher version.'),
  requestReasons: z.array(reason).min(1).max(100).describe('Why a reviewer may ask for information.'),
  rejectionReasons: z
    .array(reason.extend({ givenBy: z.enum(['reviewer', 'system']).describe('In a decision, or when a clock or the customer ends it.') }))
    .min(1)
    .max(100)
    .describe('Why a line can be rejected, by a reviewer or by the system.'),
  exclusivityKey: z.enum(['target', 'target_and_activity']).describe('What at most one live association may exist for.'),
  termMonths: z.int().min(1).max(1200).nullable().describe('Months after which an association with a workload ends, or null (K13).'),
  whenEnrolmentIsLost: z.enum(['keep', 'end']).describe('What becomes of an association whose location is no longer enrolled.'),
  usage: usage.describe('What a partner reads of the usage of its associations.'),
  retention: retention.describe('How long what is over is kept.'),
  statementTemplates: z.array(statementTemplate).max(100).describe('Statements of work that the vendor has approved beforehand.'),
  automaticApprovals: z.array(automaticApproval).max(100).describe('Rules for approval without a reviewer.'),
} satisfies Record<keyof Policy, z.ZodType>;

/** Every member of a policy with its bounds, and how its parts must fit together. */
export const policySchema = z.strictObject(fields).superRefine((policy, context) => {
  for (const { path, code, message } of inconsistencies(policy)) {
    context.addIssue({ code: 'custom', path: path.split('.'), message, params: { code } });
  }
}) satisfies z.ZodType<Policy>;

const handedIn = z.strictObject({ ...fields, name: fields.name.optional(), version: fields.version.optional() });

/** A policy as it is handed in for publication: its name is that of the address, and the next version number is assigned. */
export const programmeDocument = handedIn.meta({ id: 'ProgrammeDocument' });

/** The JSON Schema (2020-12) of a programme document, for editors and pipelines. How its parts fit together only a dry run tells. */
export function programmeJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(handedIn, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' });
  const description = 'One version of a programme of cpor: catalogue, clocks, texts and reasons.';
  return { $schema, title: 'Programme', description, ...schema };
}
