import { z } from 'zod';
import { identifier, partnerId, text } from '../http/text.schema.js';

export const EligibilityQuery = z
  .strictObject({
    programme: text(40),
    partnerId: partnerId.describe('PartnerID of the location that would claim.'),
    tenantId: identifier(64).optional().describe("The customer's tenant (directory) ID. Required unless `domain` is given."),
    domain: identifier(300)
      .optional()
      .describe('A verified domain of the tenant, or a sub-domain of one. Without `tenantId`, it finds the tenant.'),
    area: text(64).optional().describe('Only this solution area.'),
    activity: text(64).optional().describe('Only this activity.'),
  })
  .refine(({ tenantId, domain }) => tenantId !== undefined || domain !== undefined, {
    path: ['tenantId'],
    error: 'Give the tenant ID or a domain of the tenant',
  });
export type EligibilityQuery = z.output<typeof EligibilityQuery>;

const EligibilityFinding = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'hold']),
    field: z.string().nullable().describe('Name of the field in a claim or its line.'),
    message: z.string(),
  })
  .meta({ id: 'EligibilityFinding', description: 'What a submission would report. An error prevents it, a warning does not.' });

const Label = z.object({ en: z.string(), ru: z.string() });

const Choice = z
  .object({
    product: z.string(),
    label: Label.nullable().describe('Null if the programme does not list the product.'),
    subscriptionId: z.string().nullable(),
    isPossible: z.boolean(),
    isUnclaimed: z.boolean().describe('Whether it can be claimed and no partner holds it.'),
    activities: z.array(z.string()).describe('Activities with which it can be claimed.'),
    findings: z.array(
      EligibilityFinding.extend({
        activities: z.array(z.string()).nullable().describe('Null if the finding concerns every requested activity.'),
      }),
    ),
  })
  .meta({ id: 'EligibilityChoice' });

export const EligibilityView = z
  .object({
    policy: z.string().describe('Policy version that was applied, such as `sample@1`.'),
    askedAt: z.string().describe('When the customer directory supplied the facts; they may be older while the directory is unavailable.'),
    partnerId: z.string(),
    tenantId: z.string(),
    locations: z
      .array(z.object({ partnerId: z.string(), area: z.string(), isPossible: z.boolean(), findings: z.array(EligibilityFinding) }))
      .describe("The requested location, and the company's others within the caller's scope."),
    areas: z.array(
      z.object({
        area: z.string(),
        label: Label,
        unit: z.enum(['workload', 'subscription']),
        isPossible: z.boolean(),
        findings: z.array(EligibilityFinding).describe('Findings that affect every claim of the location for the tenant.'),
        choices: z.array(Choice),
      }),
    ),
    unclaimed: z
      .array(z.object({ area: z.string(), product: z.string(), subscriptionId: z.string().nullable() }))
      .describe('What can be claimed and no partner holds.'),
  })
  .meta({ id: 'Eligibility', description: 'What can be claimed for a tenant, and why everything else cannot.' });
export type EligibilityView = z.output<typeof EligibilityView>;
