import { z } from 'zod';
import type { Policy } from './policy.js';
import { inconsistencies } from './policy-consistency.js';
import { statementPlaceholders } from './statement-of-work.js';

// PostgreSQL's jsonb rejects NUL and lone surrogates.
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const code = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be lower-case letters, digits and underscores, and start with a letter')
  .describe('Lower-case letters, digits and underscores. Never changes, because claims and events store it.');
const text = (maximum: number) => z.string().trim().min(1).max(maximum).refine(isStorable, 'must be well-formed Unicode without NUL');
const line = text(200);
const label = z.strictObject({ en: line, ru: line }).describe('Display text in each language.');
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
    .nullable()
    .describe('Page on which the vendor explains the programme to customers; null for the page that cpor makes of the programme.'),
});

const area = z.strictObject({
  code,
  label,
  unit,
  activities: codes.describe('Activities offered in this area; each needs an entry in `activities` for it.'),
  enrolmentProgramme: code.describe('Programme in which a location must be enrolled to claim in this area.'),
});

const activity = z.strictObject({
  code: z.enum(['presales', 'usage', 'revenue_association']).describe('What the partner did.'),
  areas: codes.describe('Areas that this entry applies to; an activity can have one entry per area.'),
  label,
  label2023: label.describe('Partner role in the vocabulary of 2023.'),
  unit,
  combinableWith: z.array(code).describe('Activities allowed on the same line; must be mutual.'),
  isIncentivised: z.boolean().describe('Whether an incentive programme may pay for it. Informational only.'),
  requiredFields: z.array(line).describe('Claim fields that this activity requires in addition to the common ones.'),
});

const product = z.strictObject({
  code,
  area: code,
  label,
  unit,
  activities: codes.describe('Activities for which it can be claimed.'),
  synonyms: z.array(line).describe('Other names for the product.'),
  family: z.enum(['dynamics', 'microsoft_365', 'other']).describe('Family of its subscriptions.'),
  state: z.enum(['active', 'retired']).describe('A retired product cannot be claimed.'),
});

const clocks = z.strictObject({
  reviewStartBusinessDays: businessDays('from submission to the start of review (K1).'),
  reviewDecisionBusinessDays: businessDays('from the start of review to the decision (K2).'),
  answerBusinessDays: businessDays("for the partner's answer to an information request (K4)."),
  consentWindow: z
    .strictObject({
      days: days.describe('Length.'),
      unit: z.enum(['business_day', 'calendar_day', 'second']).describe('Unit of the length.'),
    })
    .describe("The customer's window (K5). Seconds are allowed only in sandbox mode."),
  disputeCalendarDays: days.describe('Calendar days after a rejection in which it can be disputed (K7).'),
  disputeAnswerBusinessDays: businessDays("for the vendor's answer to a dispute (K8)."),
  hearingBusinessDays: businessDays("for the holder of a target to answer a rival's claim (K9)."),
  coolDownCalendarDays: z
    .int()
    .min(0)
    .max(366)
    .describe('Calendar days after a customer refusal before the partner can claim again (K10).'),
  expiryNoticeDays: z
    .array(days)
    .max(10)
    .describe('Calendar days before the end of an association at which the parties are notified, largest first (K13).'),
});

const evidence = z.strictObject({
  maximumBytes: z
    .int()
    .min(1024)
    .max(100 * 1024 * 1024)
    .describe('Maximum file size.'),
  types: z
    .array(z.enum(['pdf', 'docx', 'xlsx', 'pptx', 'png', 'jpeg', 'csv']))
    .min(1)
    .describe('Accepted file types, detected by content.'),
  signatureMaximumAgeMonths: z.int().min(1).max(120).describe('Maximum age of the signature at submission (K12).'),
  isTemplateRequired: z
    .boolean()
    .describe('Whether the evidence must be one of `statementTemplates`, or the `statementOfWork` signed in cpor.'),
  customerSees: z
    .enum(['names', 'full'])
    .describe('What the customer sees of the evidence: file names and signature date, or the files as well.'),
});

const usage = z.strictObject({
  suppressBelow: z.int().min(1).max(1_000_000).nullable().describe('Counts below this are hidden; null shows all.'),
  hasBaselineMonth: z.boolean().describe('Whether the month before the association is shown as a baseline.'),
  afterEnd: z.enum(['nothing', 'months_of_tenure']).describe('What usage remains readable after the association ends.'),
  executiveColumns: z
    .array(line)
    .max(100)
    .describe('Columns that only executive viewers see; revenue and personal data must be among them.'),
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
    .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')
    .describe('SHA-256 of the blank file.'),
  fields: z
    .array(z.enum(['tenantId', 'domain', 'products', 'activities', 'signedOn']))
    .min(1)
    .describe('Fields of the filled form that must match the claim.'),
  state: z.enum(['active', 'retired']).describe('A retired template cannot be used for new claims.'),
});

const statementText = z.strictObject({
  title: line.describe('The title. Placeholders are allowed.'),
  paragraphs: z
    .array(text(4000))
    .min(1)
    .max(50)
    .describe(
      `The paragraphs. Placeholders: ${Object.keys(statementPlaceholders)
        .map((name) => `{${name}}`)
        .join(', ')}.`,
    ),
});

const statementOfWork = z.strictObject({
  signing: z
    .strictObject({
      days: days.describe('Length.'),
      unit: z.enum(['business_day', 'calendar_day', 'second']).describe('Unit of the length.'),
    })
    .default({ days: 10, unit: 'business_day' })
    .describe('How long a request to sign stays open (K15); ten business days if left out. Seconds are allowed only in sandbox mode.'),
  texts: z
    .strictObject({
      en: statementText.optional().describe('The statement in English.'),
      ru: statementText.optional().describe('The statement in Russian.'),
    })
    .refine(({ en, ru }) => en !== undefined || ru !== undefined, 'needs a text in at least one language')
    .describe('The statement by language.'),
});

const automaticApproval = z
  .strictObject({
    code,
    areas: codes.describe('Areas that the rule applies to.'),
    activities: codes.describe('Activities that the rule applies to; every activity of the claim must be listed.'),
    products: codes.nullable().describe('Products that the rule applies to; null for all products of its areas.'),
    template: code.nullable().describe('Statement template that the evidence must use; null for any evidence.'),
    maximumLines: z.int().min(1).max(10_000).nullable().describe('Maximum number of lines on the claim; null for no limit.'),
  })
  .describe('Approves a claim without a reviewer if every condition is met and the claim has no rival, hold or mismatch.');

const fields = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be at most 40 lower-case letters, digits and hyphens, and start with a letter or digit')
    .describe('Name of the programme: lower-case letters, digits and hyphens.'),
  version: z.int().min(1).max(1_000_000).describe('Starts at 1 and increases by one with each publication.'),
  effectiveFrom: z.iso.date().describe('Date from which new claims use this version, starting at 00:00 UTC.'),
  vendor: vendor.describe('Who runs the programme, as shown to customers.'),
  language: z.enum(['en', 'ru']).describe('Language of mails to partners and the vendor; customers get the language of their tenant.'),
  calendar: line.describe('Name of the published calendar that defines business days.'),
  areas: z.array(area).min(1).max(100).describe('Solution areas.'),
  activities: z.array(activity).min(1).max(300).describe('What a partner can claim to have done.'),
  products: z.array(product).min(1).max(10_000).describe('Products and workloads.'),
  clocks: clocks.describe('How long each step may take. Business days are those of the calendar.'),
  noticeTiming: z.enum(['on_approval', 'on_submit']).describe('When the customer is notified. The window never closes before approval.'),
  consent: consent.describe("Whether the customer's silence accepts (`opt_out`) or refuses (`opt_in`)."),
  publicSectorConsent: consent.describe('The same for public-sector tenants.'),
  isDomainRequired: z.boolean().describe("Whether a claim must name the customer's domain."),
  isTechnicalContactRequired: z.boolean().describe('Whether a claim for a Dynamics product must name a technical contact.'),
  maximumProducts: z.int().min(1).max(10_000).nullable().describe('Maximum number of products per claim; null for no limit.'),
  lateClaimDays: days.nullable().describe('Maximum number of calendar days from the transaction to the claim; null for no limit (K12).'),
  evidence: evidence.describe('Rules for evidence.'),
  acknowledgement: z
    .strictObject({
      version: z.int().min(1).max(1_000_000).describe('Recorded with each claim.'),
      text: longText.describe('The text in each language.'),
    })
    .describe('What the partner confirms at submission. A changed text needs a higher version.'),
  requestReasons: z.array(reason).min(1).max(100).describe('Reasons for which a reviewer can ask for information.'),
  rejectionReasons: z
    .array(
      reason.extend({
        givenBy: z
          .enum(['reviewer', 'system'])
          .describe('`reviewer`: in a decision. `system`: when a clock or the customer ends the line.'),
      }),
    )
    .min(1)
    .max(100)
    .describe('Reasons for which a line can be rejected.'),
  exclusivityKey: z.enum(['target', 'target_and_activity']).describe('What can have at most one live association.'),
  termMonths: z.int().min(1).max(1200).nullable().describe('Months after which an association with a workload ends; null for never (K13).'),
  whenEnrolmentIsLost: z.enum(['keep', 'end']).describe('What happens to an association whose location loses its enrolment.'),
  usage: usage.describe('What a partner can read of the usage of its associations.'),
  retention: retention.describe('How long data is kept after the end.'),
  statementOfWork: statementOfWork
    .optional()
    .describe('The statement of work that customers can sign in cpor. Leave it out if customers sign on paper only.'),
  statementTemplates: z.array(statementTemplate).max(100).describe('Statements of work that the vendor has pre-approved.'),
  automaticApprovals: z.array(automaticApproval).max(100).describe('Rules for approving a claim without a reviewer.'),
} satisfies Record<keyof Policy, z.ZodType>;

/** The schema of a policy, including the consistency of its parts. */
export const policySchema = z.strictObject(fields).superRefine((policy, context) => {
  for (const { path, code, message } of inconsistencies(policy)) {
    context.addIssue({ code: 'custom', path: path.split('.'), message, params: { code } });
  }
}) satisfies z.ZodType<Policy>;

const submitted = z.strictObject({ ...fields, name: fields.name.optional(), version: fields.version.optional() });

/** A policy as submitted for publication: the name defaults to the one in the URL, the version to the next number. */
export const programmeDocument = submitted.meta({ id: 'ProgrammeDocument' });

/** Returns the JSON Schema (2020-12) of a programme document, for editors and pipelines. Only a dry run checks its consistency. */
export function programmeJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(submitted, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' });
  const description = 'One version of a programme of cpor: catalogue, clocks, texts and reasons.';
  return { $schema, title: 'Programme', description, ...schema };
}
