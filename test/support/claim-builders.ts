import { roleSides, rolesFor } from '#libs/auth/index.js';
import { businessDayDeadline, calendarDayDeadline, type CalendarVersion, sampleCalendars } from '#libs/calendar/index.js';
import {
  type Actor,
  type ClaimCommand,
  type ClaimDetails,
  type ClaimEvent,
  type ClockName,
  type ClockStart,
  type CommandBodies,
  type CommandType,
  type ContactReference,
  type DirectoryFacts,
  type EventAuthor,
  type EventOf,
  type EventType,
  type EvidenceReference,
  type Holder,
  type LineDetails,
  type NoticeRecipient,
  type OfficialLine,
  type Rival,
  type SubscriptionFacts,
  systemActor,
} from '#libs/claims/index.js';

// Use these builders in tests of the rules, which need no database: commands, events and facts of one sample claim.

export const calendar: CalendarVersion = sampleCalendars.find(({ name }) => name === 'us-federal')!;

/** The instants of the sample claim, New York mornings in March 2026; the clocks go forward on Sunday the 8th. */
export const times = {
  drafted: '2026-03-02T14:00:00.000Z',
  submitted: '2026-03-02T15:00:00.000Z',
  reviewBegun: '2026-03-04T15:00:00.000Z',
  decided: '2026-03-06T15:00:00.000Z',
  delivered: '2026-03-06T15:00:05.000Z',
  supplied: '2026-03-09T14:00:00.000Z',
  resubmitted: '2026-03-09T15:00:00.000Z',
  windowCloses: '2026-03-14T03:59:59.999Z',
  official: '2026-03-14T04:00:00.000Z',
  later: '2026-03-20T14:00:00.000Z',
};

export const ids = {
  account: '6a1f0c1e-0000-4000-8000-000000000001',
  rival: '6a1f0c1e-0000-4000-8000-000000000002',
  tenant: '1f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10',
  otherTenant: '1f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a11',
  order: '1f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a12',
  salesSubscription: '0b7f4a52-0000-4000-8000-000000000001',
  secondSalesSubscription: '0b7f4a52-0000-4000-8000-000000000002',
  financeSubscription: '0b7f4a52-0000-4000-8000-000000000003',
  nowhere: '0b7f4a52-0000-4000-8000-00000000ffff',
};

export const actors = {
  partner: { kind: 'partner', subject: 'ann-at-fabrikam', actsFor: [ids.account] },
  reviewer: { kind: 'reviewer', subject: 'rita', actsFor: [] },
  secondReviewer: { kind: 'reviewer', subject: 'sam', actsFor: [] },
  customer: { kind: 'customer', subject: 'recipient-contact', actsFor: [] },
  signatory: { kind: 'customer', subject: 'signatory:person-signatory', actsFor: [] },
  system: systemActor,
} satisfies Record<string, Actor>;

/** Commands whose usual actor is not of the first role that may give them. */
const unusualActors: Partial<Record<CommandType, Actor>> = {
  decideDispute: actors.secondReviewer,
  resendNotice: actors.reviewer,
  reportBounce: actors.system,
  checkAssociation: actors.system,
};
const actorOfSide = { partner: actors.partner, vendor: actors.reviewer, customer: actors.customer };

function usualActor(type: CommandType): Actor {
  const [role] = rolesFor(type);
  return unusualActors[type] ?? (role === undefined ? actors.system : actorOfSide[roleSides[role]]);
}

export const aCommand = <Type extends CommandType>(type: Type, body: CommandBodies[Type], actor: Actor = usualActor(type)) =>
  ({ type, actor, body }) as ClaimCommand;

export const aContact = (personId: string, emailDomain: string, missingFields: string[] = []): ContactReference => ({
  personId,
  emailDomain,
  missingFields,
});

export const aLine = (line: number, product: string, more: Partial<LineDetails> = {}): LineDetails => ({
  line,
  product,
  subscriptionId: null,
  activities: ['usage'],
  ...more,
});

/** Returns the details of the sample claim: two workloads of a tenant. */
export const aClaim = (more: Partial<ClaimDetails> = {}): ClaimDetails => ({
  programme: 'sample',
  name: 'Teamwork at Contoso',
  partnerId: '4012345',
  tenantId: ids.tenant,
  domain: 'contoso.example',
  area: 'modern_work_security',
  lines: [aLine(1, 'teams'), aLine(2, 'exchange')],
  contacts: {
    customer: aContact('person-customer', 'contoso.example'),
    partner: aContact('person-partner', 'fabrikam.example'),
    technical: null,
  },
  revenue: null,
  acknowledgementVersion: 1,
  transactionOn: null,
  isOptedOutOfIncentives: false,
  externalReference: null,
  tags: [],
  ...more,
});

/** Returns the details of a claim for one subscription of the same tenant. */
export const aSubscriptionClaim = (line: Partial<LineDetails> = {}, more: Partial<ClaimDetails> = {}): ClaimDetails =>
  aClaim({
    area: 'business_applications',
    lines: [aLine(1, 'sales', { activities: ['presales'], subscriptionId: ids.salesSubscription, ...line })],
    ...more,
  });

export const aSubscription = (more: Partial<SubscriptionFacts> = {}): SubscriptionFacts => ({
  subscriptionId: ids.salesSubscription,
  tenantId: ids.tenant,
  product: 'sales',
  family: 'dynamics',
  channel: 'web_direct',
  state: 'active',
  provisionedOn: '2026-01-01',
  endsOn: '2026-12-31',
  graceEndsOn: null,
  successorId: null,
  ...more,
});

export const someEvidence = (more: Partial<EvidenceReference> = {}): EvidenceReference => ({
  evidenceId: 'evidence-1',
  sha256: 'a'.repeat(64),
  signedOn: '2026-02-10',
  cover: null,
  ...more,
});

type Facts = { [Part in 'location' | 'tenant']?: Partial<NonNullable<DirectoryFacts[Part]>> | null } & Partial<
  Pick<DirectoryFacts, 'identifiers' | 'askedAt'>
>;

/** Returns the directory's answer about the sample claim. Pass `null` for what the directory does not know. */
export const someFacts = ({ location = {}, tenant = {}, identifiers, askedAt = times.submitted }: Facts = {}): DirectoryFacts => ({
  askedAt,
  location: location && {
    partnerId: '4012345',
    name: 'Fabrikam Boston',
    globalAccountId: ids.account,
    legalName: 'Fabrikam Inc.',
    type: 'standard',
    isAgreementActive: true,
    isProfileComplete: true,
    enrolledProgrammes: ['modern_work_security_usage', 'osu_business_applications'],
    siblings: [{ partnerId: '4012346', enrolledProgrammes: ['modern_work_security_usage', 'osu_business_applications'] }],
    ...location,
  },
  tenant: tenant && {
    tenantId: ids.tenant,
    name: 'Contoso',
    domains: ['contoso.example', 'contoso-mail.example'],
    language: 'en',
    isPublicSector: false,
    workloads: ['teams', 'exchange', 'sharepoint', 'intune'],
    admins: [{ personId: 'person-admin', emailDomain: 'contoso.example' }],
    subscriptions: [aSubscription()],
    ...tenant,
  },
  identifiers: identifiers ?? { [ids.salesSubscription]: { kind: 'subscription', subscription: aSubscription() } },
});

/** Returns a clock as the calendar would start it. */
export function aClock(clock: ClockName, lines: number[], startedAt: string, days: number): ClockStart {
  const count = clock === 'K7' ? calendarDayDeadline : businessDayDeadline;
  return { clock, lines, startedAt, deadline: count(calendar, startedAt, days), policy: 'sample@1' };
}

/** Returns another partner's association on the target of the sample claim's first line. */
export const aHolder = (more: Partial<Holder> = {}): Holder => ({
  target: `workload:${ids.tenant}:teams`,
  partnerAccountId: ids.rival,
  activities: ['usage'],
  claimId: 'claim-2',
  line: 1,
  associationId: 'association-9',
  officialAt: '2025-06-01T00:00:00.000Z',
  submittedAt: '2025-05-01T00:00:00.000Z',
  evidence: [{ evidenceId: 'evidence-9', signedOn: '2025-04-01' }],
  hearing: null,
  ...more,
});

/** Returns another partner's claim for the same target, under review. */
export const aRival = (more: Partial<Rival> = {}): Rival => ({
  target: `workload:${ids.tenant}:teams`,
  partnerAccountId: ids.rival,
  claimId: 'claim-2',
  line: 1,
  phase: 'under_review',
  submittedAt: '2026-03-01T15:00:00.000Z',
  evidence: [{ evidenceId: 'evidence-9', signedOn: '2026-01-15' }],
  ...more,
});

export const contactRecipient: NoticeRecipient = {
  recipientId: 'recipient-contact',
  kind: 'contact',
  personId: 'person-customer',
  canStartWindow: true,
};
export const adminRecipient: NoticeRecipient = {
  recipientId: 'recipient-admin',
  kind: 'tenant_admin',
  personId: 'person-admin',
  canStartWindow: true,
};

const byOf = ({ kind, subject }: Actor): EventAuthor => ({ kind, subject });
const { partner, reviewer, secondReviewer, customer, signatory, system } = actors;
const both = [1, 2];

/** Returns the association that a line of the sample claim became. */
export const officialLine = (line: number, associationId: string, target: string, more: Partial<OfficialLine> = {}): OfficialLine => ({
  line,
  associationId,
  target,
  partnerId: '4012345',
  activities: ['usage'],
  isIncentivised: true,
  displaces: null,
  ...more,
});

/** Returns when the same partner may claim again after the customer's refusal. */
export const coolDownFrom = (at: string) => calendarDayDeadline(calendar, at, 30);

/** The default data of each event: the sample claim's two lines, at the sample claim's instants. */
const usualEvents: { [Type in EventType]: [at: string, by: Actor, data: EventOf<Type>['data']] } = {
  ClaimDrafted: [
    times.drafted,
    partner,
    { number: 'CLM-000001', partnerAccountId: ids.account, policy: 'sample@1', details: aClaim(), warnings: [] },
  ],
  ClaimEdited: [times.supplied, partner, { changes: {}, warnings: [] }],
  EvidenceAdded: [times.drafted, partner, { evidence: someEvidence() }],
  EvidenceScanned: [times.later, actors.system, { evidenceId: 'evidence-1', result: 'clean', scanner: 'ClamAV 1.4.6/27500' }],
  CommentAdded: [times.later, partner, { textId: 'text-1', visibility: 'shared' }],
  SignatureRequested: [
    times.drafted,
    partner,
    {
      signatureId: 'signature-1',
      personId: 'person-signatory',
      emailDomain: 'contoso.example',
      language: 'en',
      policy: 'sample@1',
      textId: 'text-statement',
      textSha256: 'ab'.repeat(32),
      cover: { tenantId: ids.tenant, domain: 'contoso.example', products: ['exchange', 'teams'], activities: ['usage'] },
      clocks: [aClock('K15', [], times.drafted, 10)],
    },
  ],
  SignatureCodeRequested: [
    times.drafted,
    signatory,
    { signatureId: 'signature-1', codeId: 'code-1', validUntil: new Date(Date.parse(times.drafted) + 900_000).toISOString() },
  ],
  SignatureForwarded: [
    times.drafted,
    signatory,
    { signatureId: 'signature-1', fromPersonId: 'person-signatory', personId: 'person-colleague', emailDomain: 'contoso.example' },
  ],
  StatementSigned: [
    times.drafted,
    signatory,
    {
      signatureId: 'signature-1',
      textSha256: 'ab'.repeat(32),
      language: 'en',
      policy: 'sample@1',
      signedOn: times.drafted.slice(0, 10),
      identifiedBy: 'link_and_code',
      codeId: 'code-1',
      signerId: 'person-signer',
      signerSha256: 'cd'.repeat(32),
    },
  ],
  SignatureDeclined: [times.drafted, signatory, { signatureId: 'signature-1', textId: null }],
  SignatureExpired: [times.drafted, system, { signatureId: 'signature-1' }],
  SignatureRequestCanceled: [times.drafted, partner, { signatureId: 'signature-1' }],
  DraftDiscarded: [times.submitted, partner, {}],
  ClaimSubmitted: [
    times.submitted,
    partner,
    {
      submission: 1,
      lines: both,
      policy: 'sample@1',
      acknowledgementVersion: 1,
      exclusivityKey: 'target',
      competing: [],
      filled: [],
      findings: [],
      clocks: [aClock('K1', both, times.submitted, 5), aClock('K3', both, times.submitted, 10)],
    },
  ],
  ReviewStarted: [times.reviewBegun, reviewer, { lines: both, clocks: [aClock('K2', both, times.reviewBegun, 5)] }],
  InformationRequested: [
    times.decided,
    reviewer,
    {
      requestId: 'request-1',
      lines: both,
      reasons: ['acknowledgement_missing'],
      textId: null,
      suggestedDrops: [],
      clocks: [aClock('K4', both, times.decided, 5)],
      paused: [
        { clock: 'K2', lines: both, remainingDays: 3 },
        { clock: 'K3', lines: both, remainingDays: 6 },
      ],
    },
  ],
  LinesApproved: [times.decided, reviewer, { lines: both, textId: null, clearedHolds: [], findings: [] }],
  LinesRejected: [
    times.decided,
    reviewer,
    { lines: both, reason: 'evidence_insufficient', textId: null, isFinal: false, clocks: [aClock('K7', both, times.decided, 30)] },
  ],
  DeadlineBreached: ['2026-03-10T03:59:59.999Z', system, { clock: 'K1', lines: both, dueAt: '2026-03-10T03:59:59.999Z' }],
  NoticeRequested: [
    times.decided,
    reviewer,
    { noticeId: 'notice-1', lines: both, recipients: [contactRecipient, adminRecipient], language: 'en', consent: 'opt_out' },
  ],
  NoticeRecipientAdded: [
    times.supplied,
    partner,
    { noticeId: 'notice-1', recipient: { ...contactRecipient, recipientId: 'recipient-new', personId: 'person-new' } },
  ],
  NoticeAccepted: [
    times.delivered,
    system,
    { noticeId: 'notice-1', recipientId: 'recipient-contact', clocks: [aClock('K5', both, times.delivered, 5)] },
  ],
  NoticeFailed: [times.delivered, system, { noticeId: 'notice-1', recipientId: 'recipient-contact', reason: '550 no such mailbox' }],
  NoticeBounced: [times.supplied, system, { noticeId: 'notice-1', recipientId: 'recipient-contact', clocks: [] }],
  CustomerDeclined: [
    times.supplied,
    customer,
    { lines: both, noticeId: null, recipientId: null, textId: null, coolDown: coolDownFrom(times.supplied) },
  ],
  ConsentWindowPassed: [times.windowCloses, system, { lines: both }],
  LinesMadeOfficial: [
    times.official,
    system,
    {
      lines: [
        officialLine(1, 'association-1', `workload:${ids.tenant}:teams`),
        officialLine(2, 'association-2', `workload:${ids.tenant}:exchange`),
      ],
      clocks: [],
    },
  ],
  LinesHeld: [times.official, system, { lines: both, findings: [] }],
  AssociationEnded: [
    times.later,
    customer,
    { lines: both, reason: 'customer_revoked', noticeId: null, recipientId: null, textId: null, coolDown: coolDownFrom(times.later) },
  ],
  CustomerAccepted: [times.supplied, customer, { lines: both, noticeId: null, recipientId: null, isTenantAdmin: true }],
  PartnerBlocked: [times.supplied, customer, { tenantId: ids.tenant, partnerAccountId: ids.account, recipientId: null }],
  PartnerUnblocked: [times.later, customer, { tenantId: ids.tenant, partnerAccountId: ids.account }],
  DeadlineExtended: [
    times.supplied,
    reviewer,
    { clock: 'K4', lines: both, from: times.windowCloses, deadline: aClock('K4', both, times.windowCloses, 5).deadline, textId: null },
  ],
  AssociationTransferred: [
    times.later,
    partner,
    {
      partnerId: '4012346',
      lines: [
        { line: 1, endedId: 'association-1', associationId: 'association-3' },
        { line: 2, endedId: 'association-2', associationId: 'association-4' },
      ],
      textId: null,
    },
  ],
  AssociationChecked: [times.later, system, { lines: [1], isEligible: true, endsOn: null, clocks: [] }],
  ExpiryNoticeDue: [times.later, system, { line: 1, daysLeft: 30, endsOn: '2026-04-19' }],
  LineCarriedOver: [
    times.later,
    system,
    { line: 3, from: 1, product: 'sales', subscriptionId: ids.secondSalesSubscription, activities: ['presales'] },
  ],
  HolderWarned: [times.later, system, { lines: [1], challenger: 'claim-2', clocks: [aClock('K9', [1], times.later, 5)] }],
  HearingClosed: ['2026-03-28T03:59:59.999Z', system, { lines: [1] }],
  ChoiceRequested: [
    times.reviewBegun,
    reviewer,
    {
      choiceId: 'choice-1',
      line: 1,
      target: `workload:${ids.tenant}:teams`,
      candidates: [
        { claimId: 'claim-1', partnerAccountId: ids.account, isHolder: false },
        { claimId: 'claim-2', partnerAccountId: ids.rival, isHolder: true },
      ],
      recipients: [contactRecipient, adminRecipient],
      language: 'en',
      textId: null,
    },
  ],
  CustomerChose: [
    times.decided,
    customer,
    { choiceId: 'choice-1', target: `workload:${ids.tenant}:teams`, claimId: 'claim-1', recipientId: 'recipient-admin', textId: null },
  ],
  RivalsDecided: [
    times.decided,
    reviewer,
    {
      line: 1,
      isWinner: true,
      displaces: 'claim-2',
      record: {
        recordId: 'record-1',
        target: `workload:${ids.tenant}:teams`,
        candidates: [],
        winner: 'claim-1',
        step: 'customer_choice',
        decidedBy: reviewer.subject,
      },
      textId: null,
    },
  ],
  ClaimWithdrawn: [times.decided, partner, { lines: both, textId: null }],
  DisputeOpened: [times.later, partner, { lines: both, textId: 'text-1', evidenceIds: [], clocks: [aClock('K8', both, times.later, 5)] }],
  DisputeDecided: [times.later, secondReviewer, { lines: both, outcome: 'final', textId: null }],
  DisputeWindowClosed: ['2026-04-06T03:59:59.999Z', system, { lines: both }],
};

/** Creates an event of the sample claim, with the test's changes to its data. */
export function anEvent<Type extends EventType>(
  type: Type,
  data: Partial<EventOf<Type>['data']> = {},
  at: string = usualEvents[type][0],
  by: Actor = usualEvents[type][1],
): ClaimEvent {
  const usual = { ...usualEvents[type][2], ...data };
  // The cool-down counts from the refusal.
  const { coolDown, ...rest } = usual as typeof usual & { coolDown?: unknown; reason?: string };
  const isRefusal = coolDown !== undefined && (rest.reason ?? 'customer_revoked') === 'customer_revoked';
  return { type, at, by: byOf(by), data: isRefusal ? { ...rest, coolDown: coolDownFrom(at) } : rest } as ClaimEvent;
}

const drafted = [anEvent('ClaimDrafted'), anEvent('EvidenceAdded')];
const submitted = [...drafted, anEvent('ClaimSubmitted')];
const underReview = [...submitted, anEvent('ReviewStarted')];
const actionRequired = [...underReview, anEvent('InformationRequested')];
const approved = [...underReview, anEvent('LinesApproved'), anEvent('NoticeRequested')];
const notified = [...approved, anEvent('NoticeAccepted')];
const official = [...notified, anEvent('LinesMadeOfficial')];
const rejected = [...underReview, anEvent('LinesRejected')];
const disputed = [...rejected, anEvent('DisputeOpened')];

/** The sample claim's events up to each of its states, as the rules would have produced them. */
export const upTo = {
  draft: drafted,
  submitted,
  under_review: underReview,
  action_required: actionRequired,
  /** Approved, the notice not yet delivered. */
  approved,
  /** Approved and the customer notified: its window is open. */
  consent_pending: notified,
  official,
  ended: [...official, anEvent('AssociationEnded')],
  rejected,
  disputed,
  rejected_final: [...disputed, anEvent('DisputeDecided')],
  declined: [...notified, anEvent('CustomerDeclined')],
  canceled: [...underReview, anEvent('ClaimWithdrawn')],
} satisfies Record<string, ClaimEvent[]>;
