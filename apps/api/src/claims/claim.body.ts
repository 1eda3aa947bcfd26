import { z } from 'zod';
import { maximumInlineEvidenceBytes } from '#libs/new-claims/index.js';
import { contactAddress, identifierLabel, isoDate, label, sha256, text } from '../http/text.schema.js';

const Person = z.strictObject({ name: text(200).optional(), title: text(200).optional(), email: contactAddress.optional() });
const PersonWithoutTitle = Person.omit({ title: true });

const fields = {
  name: label(200).describe("The partner's own label."),
  partnerId: identifierLabel(20).describe('PartnerID of the claiming location.').meta({ example: '1240371' }),
  tenantId: identifierLabel(64).describe("The customer's tenant (directory) ID."),
  domain: identifierLabel(300).nullable().describe('A verified domain of the tenant, or a sub-domain of one.'),
  area: label(64).describe('Solution area of the programme.').meta({ example: 'modern_work_security' }),
  contacts: z
    .strictObject({ customer: Person.nullable(), partner: PersonWithoutTitle.nullable(), technical: Person.nullable() })
    .partial()
    .describe('The customer contact receives the notice.'),
  revenue: z
    .strictObject({ sellerName: text(200), customerName: text(200), solutionName: text(200) })
    .partial()
    .nullable()
    .describe('Names required for a revenue association.'),
  acknowledgementVersion: z
    .int()
    .min(1)
    .max(100_000)
    .nullable()
    .describe("Version of the programme's acknowledgement that the partner accepted."),
  transactionOn: isoDate.nullable(),
  isOptedOutOfIncentives: z.boolean(),
  externalReference: label(200).nullable().describe("The partner's own reference."),
  tags: z.array(label(64)).max(20),
};

const Line = z.strictObject({
  product: label(64),
  subscriptionId: identifierLabel(64).nullable().optional(),
  activities: z.array(label(64)).max(10).default([]),
});

const EditedLine = Line.extend({
  line: z.int().min(1).max(100_000).optional().describe('Number of an existing line; omit it for a new one.'),
});

export const EvidenceCover = z.strictObject({
  tenantId: identifierLabel(64).nullable().optional().describe('Tenant named on the document.'),
  domain: identifierLabel(300).nullable().optional().describe('Domain named on the document.'),
  templateSha256: sha256.nullable().optional().describe('SHA-256 of the standard statement of work that was signed.'),
  products: z.array(label(64)).max(200).optional().describe('Product codes named on the document.'),
  activities: z.array(label(64)).max(10).optional().describe('Activity codes named on the document.'),
});

const InlineEvidence = z
  .strictObject({
    fileName: text(255),
    contentBase64: z.base64().max(Math.ceil((maximumInlineEvidenceBytes * 4) / 3) + 4),
    signedOn: isoDate.nullable().optional(),
    cover: EvidenceCover.nullable().optional(),
  })
  .meta({ id: 'InlineEvidence' });

/** What a partner may state about a claim. Every field may be missing from a draft; the rules report what a submission lacks. */
export const ClaimFields = z.strictObject(fields).partial();

export const NewClaim = ClaimFields.extend({
  programme: label(40).default('sample'),
  lines: z.array(Line).max(200).default([]),
  evidence: z.array(InlineEvidence).max(5).default([]).describe('Small files: at most 256 KiB each, and 1 MiB for the whole body.'),
  submit: z.boolean().default(false).describe('Whether to submit the new claim in the same call.'),
}).meta({
  id: 'NewClaim',
  example: {
    name: 'Contoso Teams adoption',
    partnerId: '1240371',
    tenantId: '1f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10',
    domain: 'contoso.example',
    area: 'modern_work_security',
    lines: [{ product: 'teams', activities: ['usage'] }],
    contacts: {
      customer: { name: 'Ann Lee', title: 'IT manager', email: 'ann.lee@contoso.example' },
      partner: { name: 'Sam Roe', email: 'sam.roe@partner.example' },
    },
    acknowledgementVersion: 1,
  },
});
export type NewClaim = z.output<typeof NewClaim>;

export const ClaimChanges = ClaimFields.extend({
  programme: label(40),
  lines: z.array(EditedLine).max(200).describe('Replaces all lines. Give the number of each line to keep.'),
})
  .partial()
  .meta({ id: 'ClaimChanges', example: { name: 'Contoso Teams adoption, wave 2' } });
export type ClaimChanges = z.output<typeof ClaimChanges>;
