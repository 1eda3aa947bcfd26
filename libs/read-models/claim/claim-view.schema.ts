import { z } from 'zod';
import { clockNames, endReasons, type Finding, phases, rivalrySteps } from '#libs/claims/index.js';
import { placeOfField } from '#libs/problems/index.js';

const instant = z.iso.datetime();
const lineNumber = z.int().min(1).max(100_000);
const numbers = z.array(lineNumber);
const count = z.int().min(0).max(1_000_000);

export const Phase = z
  .enum(phases)
  .meta({ id: 'Phase', description: 'State of a line; that of a claim is rolled up from its lines. An open list.' });

export const FindingView = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'hold']),
    field: z.string().nullable().describe('Name of the field; of a column where a table was sent.'),
    pointer: z.string().nullable().describe('JSON Pointer (RFC 6901) to the field, into the claim or what was sent.'),
    line: lineNumber.nullable(),
    message: z.string(),
  })
  .meta({ id: 'Finding' });
export type FindingView = z.output<typeof FindingView>;

/** A finding with its field by name and place. */
export function findingView({ code, severity, field, line, message }: Finding): FindingView {
  const place = field === null ? { field: null, pointer: null } : placeOfField(field);
  return { code, severity, ...place, line, message };
}

export const ContactView = z
  .object({ name: z.string(), title: z.string().optional(), email: z.string() })
  .meta({ id: 'Contact', description: 'What is missing is an empty text; after erasure the whole contact is null.' });

export const CompetitionView = z
  .object({
    isCompeting: z.boolean().describe('Whether another partner wants or holds the target now.'),
    hearing: z.object({ dueAt: instant, isOver: z.boolean() }).nullable().describe('Until when a holder may add evidence.'),
    decision: z
      .object({
        step: z.enum(rivalrySteps).describe('Step of the order of decision that decided.'),
        isWinner: z.boolean(),
        decidedAt: instant.nullable(),
        evidenceOn: z.string().nullable().describe("Date of the line's own newest evidence that counted."),
      })
      .nullable(),
  })
  .meta({ id: 'Competition', description: "The line's own part: nothing tells who else competes, or with what." });

const AssociationView = z
  .object({
    associationId: z.string(),
    target: z.string(),
    partnerId: z.string(),
    activities: z.array(z.string()),
    from: instant,
    to: instant.nullable(),
    endReason: z.enum(endReasons).nullable(),
    isEligible: z
      .boolean()
      .describe('False once the directory said that the location is not enrolled, or the subscription suspended; the association stays.'),
    endsOn: z.string().nullable().describe('ISO date on which it ends by itself, as far as is known.'),
    earlier: z
      .array(z.object({ associationId: z.string(), partnerId: z.string(), from: instant, to: instant }))
      .describe('What went before it at other locations; each ended by transfer.'),
  })
  .meta({ id: 'LineAssociation' });

export const LineView = z
  .object({
    line: lineNumber,
    product: z.string(),
    subscriptionId: z.string().nullable(),
    activities: z.array(z.string()),
    phase: Phase,
    status: z.string().describe("Label for people; in the customer's window it says until when. The phase is the code."),
    since: instant,
    isApproved: z.boolean(),
    rejection: z.object({ reason: z.string(), isDisputable: z.boolean() }).nullable(),
    holds: z.array(FindingView),
    association: AssociationView.nullable(),
    competition: CompetitionView.nullable(),
  })
  .meta({ id: 'ClaimLine' });

export const DeadlineView = z
  .object({
    clock: z.enum(clockNames),
    title: z.string(),
    lines: numbers,
    mover: z.enum(['reviewer', 'partner', 'customer', 'system']),
    startedAt: instant,
    dueAt: instant,
    dueAtLocal: z.string().describe('The same instant in the zone of the calendar.'),
    zone: z.string(),
    calendar: z.string().describe('Name and version of the calendar it was counted by.'),
    zoneData: z.string().nullable().describe('Release of the time zone data it was computed with; null where that was not recorded.'),
    countedDays: z.array(z.string()),
    isBeyondCoverage: z
      .boolean()
      .describe('Whether it was counted without knowing all holidays: the calendar did not cover that time yet. It is never recomputed.'),
    isBreached: z.boolean(),
  })
  .meta({ id: 'Deadline' });

export const WaitingView = z
  .object({
    for: z.string(),
    mover: z.enum(['partner', 'reviewer', 'customer', 'system']),
    lines: numbers,
    since: instant,
    until: instant.nullable(),
  })
  .meta({
    id: 'Waiting',
    description: 'Who moves next, on which lines, since when and until when. `directory`: the customer directory has not answered yet.',
  });

export const EvidenceView = z
  .object({
    evidenceId: z.string(),
    fileName: z.string().nullable(),
    mediaType: z.string().nullable(),
    sizeBytes: count.max(1_000_000_000).nullable(),
    sha256: z.string(),
    signedOn: z.string().nullable(),
    uploadedAt: instant.nullable(),
    erasedAt: instant.nullable().describe('When the content and the name were erased; what is left proves what was there.'),
    cover: z
      .object({
        tenantId: z.string().nullable(),
        domain: z.string().nullable(),
        templateSha256: z.string().nullable(),
        products: z.array(z.string()),
        activities: z.array(z.string()),
      })
      .nullable()
      .describe('What the cover form states about the document.'),
    supersedes: z.string().nullable().describe('The evidence whose place it takes.'),
    supersededBy: z.string().nullable().describe('The evidence that took its place; it counts no more.'),
  })
  .meta({ id: 'Evidence' });

export const NoticeView = z
  .object({
    noticeId: z.string(),
    lines: numbers,
    language: z.enum(['en', 'ru']),
    requestedAt: instant,
    closesAt: instant.nullable(),
    isBeyondCoverage: z.boolean().describe('Whether the window that runs was counted without knowing all holidays.'),
    recipients: z.array(
      z.object({
        recipientId: z.string(),
        kind: z.enum(['contact', 'tenant_admin']),
        state: z.enum(['pending', 'accepted', 'failed', 'bounced']),
        at: instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'Notice' });

export const ClaimView = z
  .object({
    claimId: z.string(),
    number: z.string(),
    version: count.describe('Grows with every change; the ETag.'),
    phase: Phase,
    status: z.string().describe("Label for people; in the customer's window it says until when. The phase is the code."),
    programme: z.string(),
    policy: z.string().describe('Name and version of the policy that is applied.'),
    name: z.string(),
    partnerAccountId: z.string(),
    partnerId: z.string(),
    tenantId: z.string(),
    domain: z.string().nullable(),
    area: z.string(),
    lines: z.array(LineView),
    contacts: z.object({ customer: ContactView.nullable(), partner: ContactView.nullable(), technical: ContactView.nullable() }),
    revenue: z.object({ sellerName: z.string(), customerName: z.string(), solutionName: z.string() }).nullable(),
    acknowledgementVersion: count.nullable(),
    transactionOn: z.string().nullable(),
    isOptedOutOfIncentives: z.boolean(),
    externalReference: z.string().nullable(),
    tags: z.array(z.string()),
    evidence: z.array(EvidenceView),
    informationRequests: z.array(z.object({ requestId: z.string(), lines: numbers, reasons: z.array(z.string()), askedAt: instant })),
    notices: z.array(NoticeView),
    deadlines: z.array(DeadlineView),
    waiting: z.array(WaitingView),
    findings: z.array(FindingView).describe('Warnings and holds of the latest submission.'),
    submissions: count,
    isOpen: z.boolean().describe('Whether anybody, or a clock, still has something to do.'),
    allowedActions: z.array(z.string()).describe('Acts that the phases of the lines allow to this caller.'),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Claim' });
export type ClaimView = z.output<typeof ClaimView>;
