import { z } from 'zod';
import { publicClockNames, endReasons, type Finding, phases, rivalrySteps } from '#libs/claims/index.js';
import { placeOfField } from '#libs/problems/index.js';

const instant = z.iso.datetime();
const lineNumber = z.int().min(1).max(100_000);
const numbers = z.array(lineNumber);
const count = z.int().min(0).max(1_000_000);

export const Phase = z
  .enum(phases)
  .meta({ id: 'Phase', description: 'Phase of a line. The phase of a claim is derived from its lines. More may be added.' });

export const FindingView = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'hold']),
    field: z.string().nullable().describe('Name of the field, or of the column if a table was sent.'),
    pointer: z.string().nullable().describe('JSON Pointer (RFC 6901) to the field in the claim or in the request.'),
    line: lineNumber.nullable(),
    message: z.string(),
  })
  .meta({ id: 'Finding' });
export type FindingView = z.output<typeof FindingView>;

/** Returns a finding with the name and the JSON pointer of its field. */
export function findingView({ code, severity, field, line, message }: Finding): FindingView {
  const place = field === null ? { field: null, pointer: null } : placeOfField(field);
  return { code, severity, ...place, line, message };
}

export const ContactView = z
  .object({ name: z.string(), title: z.string().optional(), email: z.string() })
  .meta({ id: 'Contact', description: 'Missing values are empty texts. After an erasure the whole contact is null.' });

export const CompetitionView = z
  .object({
    isCompeting: z.boolean().describe('Whether another partner now claims or holds the target.'),
    hearing: z.object({ dueAt: instant, isOver: z.boolean() }).nullable().describe('Until when the holder may add evidence.'),
    decision: z
      .object({
        step: z.enum(rivalrySteps).describe('The step of the decision order that decided.'),
        isWinner: z.boolean(),
        decidedAt: instant.nullable(),
        evidenceOn: z.string().nullable().describe("Date of the line's newest evidence that counted."),
      })
      .nullable(),
  })
  .meta({ id: 'Competition', description: "The line's own side only: it does not reveal who else competes, or with what." });

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
      .describe(
        'False once the directory has reported that the location is not enrolled or the subscription is suspended. The association remains.',
      ),
    endsOn: z.string().nullable().describe('ISO date on which it will end by itself, if known.'),
    earlier: z
      .array(z.object({ associationId: z.string(), partnerId: z.string(), from: instant, to: instant }))
      .describe('Its predecessors at other locations, each of which ended by transfer.'),
  })
  .meta({ id: 'LineAssociation' });

export const LineView = z
  .object({
    line: lineNumber,
    product: z.string(),
    subscriptionId: z.string().nullable(),
    activities: z.array(z.string()),
    phase: Phase,
    status: z.string().describe("Label for people; during the customer's window it includes the deadline. Use `phase` in code."),
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
    clock: z.enum(Object.values(publicClockNames)),
    title: z.string(),
    lines: numbers,
    mover: z.enum(['reviewer', 'partner', 'customer', 'system']),
    startedAt: instant,
    dueAt: instant,
    dueAtLocal: z.string().describe("The same instant in the calendar's time zone."),
    zone: z.string(),
    calendar: z.string().describe('Name and version of the calendar used.'),
    zoneData: z.string().describe('Release of the time zone data used.'),
    countedDays: z.array(z.string()),
    isBeyondCoverage: z
      .boolean()
      .describe(
        'True if the calendar did not cover the whole period yet, so that holidays may be missing. The deadline is never recalculated.',
      ),
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
    description:
      'Who has to act next, on which lines, since when and until when. `directory`: the customer directory has not answered yet.',
  });

export const EvidenceView = z
  .object({
    evidenceId: z.string(),
    fileName: z.string().nullable(),
    mediaType: z.string().nullable(),
    sizeBytes: count.max(1_000_000_000).nullable(),
    sha256: z.string(),
    signedOn: z.string().nullable(),
    isSignedHere: z.boolean().describe('Whether the customer signed it in cpor: there is no file, and the ID is that of the signature.'),
    scan: z
      .enum(['clean', 'unscanned', 'waiting', 'infected'])
      .nullable()
      .describe(
        'What the malware scanner said; `unscanned` if none is set up. A file that is `waiting` for it or `infected` is in quarantine and cannot be opened.',
      ),
    uploadedAt: instant.nullable(),
    erasedAt: instant.nullable().describe('When the content and the file name were erased. The rest is kept as proof.'),
    cover: z
      .object({
        tenantId: z.string().nullable(),
        domain: z.string().nullable(),
        templateSha256: z.string().nullable(),
        products: z.array(z.string()),
        activities: z.array(z.string()),
      })
      .nullable()
      .describe('What the cover form says about the document.'),
    supersedes: z.string().nullable().describe('The evidence that it replaces.'),
    supersededBy: z.string().nullable().describe('The evidence that replaced it; it no longer counts.'),
  })
  .meta({ id: 'Evidence' });

export const NoticeView = z
  .object({
    noticeId: z.string(),
    lines: numbers,
    language: z.enum(['en', 'ru']),
    requestedAt: instant,
    closesAt: instant.nullable(),
    isBeyondCoverage: z.boolean().describe('Whether the calendar did not cover the whole running window, so that holidays may be missing.'),
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
    version: count.describe('Increases with every change. Also sent as the ETag.'),
    phase: Phase,
    status: z.string().describe("Label for people; during the customer's window it includes the deadline. Use `phase` in code."),
    programme: z.string(),
    policy: z.string().describe('Name and version of the policy that applies.'),
    name: z.string(),
    partnerAccountId: z.string(),
    partnerId: z.string(),
    tenantId: z.string(),
    customerName: z.string().nullable().describe("The tenant's name. Null until the claim states one of the tenant's domains."),
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
    isOpen: z.boolean().describe('Whether the claim still waits for a person or a clock.'),
    reviewer: z
      .string()
      .nullable()
      .describe("Subject of the reviewer who has taken the review; null while nobody has, and for readers who are not the vendor's."),
    allowedActions: z.array(z.string()).describe('Actions that this caller may take in the current phases of the lines.'),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Claim' });
export type ClaimView = z.output<typeof ClaimView>;
