import { type ClaimEvent, type Deadline, endReasons, type EventOf, type EventType, type NoticeRecipient } from '#libs/claims/index.js';

/** Data of each event, one sample for each variant with its own text; optional fields are included. */
type Samples = { [Type in EventType]: Required<EventOf<Type>['data']>[] };

const at = '2026-03-02T15:00:00.000Z';
export const readers = { customer: 'person-1', partner: 'person-2' };

const lines = [1];
const line = 1;
const signatureId = 'signature-1';
const emailDomain = 'customer.example';
const sha256 = '';
const textId = 'text-1';
const noticeId = 'notice-1';
const recipientId = 'recipient-1';
const tenantId = '11111111-1111-4111-8111-111111111111';
const partnerAccountId = 'account-1';
const target = `workload:${tenantId}:teams`;
const claimId = 'claim-2';
const associationId = 'association-1';
const activities = ['usage'];
const policy = 'sample@1';

const deadline: Deadline = {
  dueAt: '2026-03-10T03:59:59.999Z',
  dueAtLocal: '2026-03-09T23:59:59.999-04:00',
  day0: '2026-03-02',
  countedDays: ['2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06', '2026-03-09'],
  calendar: 'us-federal@1',
  zone: 'America/New_York',
  unit: 'business_day',
  days: 5,
  isBeyondCoverage: false,
  zoneData: '2026a',
};
const { dueAt } = deadline;
const recipients: NoticeRecipient[] = [{ recipientId, kind: 'contact', personId: readers.customer, canStartWindow: true }];
const contact = (personId: string) => ({ personId, emailDomain: 'customer.example', missingFields: [] });
const candidates = [{ claimId, partnerAccountId, isHolder: false }];
const record = { recordId: 'record-1', target, candidates: [], winner: claimId, step: 'newest_evidence', decidedBy: 'reviewer-1' } as const;
const cover = { tenantId, domain: null, products: ['teams'], activities: ['usage'] };
const evidence = { evidenceId: 'evidence-1', sha256: '', signedOn: '2026-02-02', cover: null };

const details = {
  programme: 'sample',
  name: 'Teams adoption',
  partnerId: '1240371',
  tenantId,
  domain: null,
  area: 'modern_work_security',
  lines: [{ line, product: 'teams', subscriptionId: null, activities }],
  contacts: { customer: contact(readers.customer), partner: contact(readers.partner), technical: null },
  revenue: null,
  acknowledgementVersion: 1,
  transactionOn: null,
  isOptedOutOfIncentives: false,
  externalReference: null,
  tags: [],
};

const rejected = { lines, reason: 'evidence_insufficient', textId, clocks: [] };
const ended = { lines, noticeId, recipientId, textId, coolDown: deadline, settles: [] };
const extended = { lines, from: at, deadline, textId };

export const samples: Samples = {
  ClaimDrafted: [{ number: 'CLM-000001', partnerAccountId, policy, details, warnings: [] }],
  ClaimEdited: [{ changes: {}, warnings: [], competing: [] }],
  EvidenceAdded: [{ evidence }],
  CommentAdded: [
    { textId, visibility: 'shared' },
    { textId, visibility: 'internal' },
  ],
  SignatureRequested: [
    {
      signatureId,
      personId: readers.customer,
      emailDomain,
      language: 'en',
      policy,
      textId,
      textSha256: sha256,
      cover,
      clocks: [{ clock: 'K15', lines: [], startedAt: at, deadline, policy }],
    },
  ],
  SignatureCodeRequested: [{ signatureId, codeId: 'code-1', validUntil: dueAt }],
  SignatureForwarded: [{ signatureId, fromPersonId: readers.customer, personId: 'person-3', emailDomain }],
  StatementSigned: [
    {
      signatureId,
      textSha256: sha256,
      language: 'en',
      policy,
      signedOn: '2026-03-02',
      identifiedBy: 'link_and_code',
      codeId: 'code-1',
      signerId: 'person-4',
      signerSha256: sha256,
    },
  ],
  SignatureDeclined: [{ signatureId, textId }],
  SignatureExpired: [{ signatureId }],
  SignatureRequestCanceled: [{ signatureId }],
  DraftDiscarded: [{}],
  ClaimSubmitted: [1, 2].map((submission) => ({
    submission,
    lines,
    policy,
    exclusivityKey: 'target',
    competing: [],
    acknowledgementVersion: 1,
    filled: [],
    findings: [],
    clocks: [],
  })),
  ReviewStarted: [{ lines, clocks: [] }],
  InformationRequested: [{ requestId: 'request-1', lines, reasons: [], textId, suggestedDrops: [], clocks: [], paused: [] }],
  LinesApproved: [{ lines, textId, clearedHolds: [], findings: [], rule: 'standard_statement_of_work' }],
  LinesRejected: [
    { ...rejected, isFinal: false },
    { ...rejected, isFinal: true },
    { ...rejected, reason: 'customer_refused_target', isFinal: true },
  ],
  DeadlineBreached: (['K1', 'K2', 'K3', 'K8'] as const).map((clock) => ({ clock, lines, dueAt })),
  NoticeRequested: [{ noticeId, lines, recipients, language: 'en', consent: 'opt_out' }],
  NoticeRecipientAdded: recipients.map((recipient) => ({ noticeId, recipient })),
  NoticeAccepted: [{ noticeId, recipientId, clocks: [] }],
  NoticeFailed: [{ noticeId, recipientId, reason: '550' }],
  NoticeBounced: [{ noticeId, recipientId, clocks: [] }],
  CustomerDeclined: [{ lines, noticeId, recipientId, textId, coolDown: deadline, settles: [] }],
  CustomerAccepted: [{ lines, noticeId, recipientId, isTenantAdmin: true }],
  PartnerBlocked: [{ tenantId, partnerAccountId, recipientId, textId, settles: [] }],
  PartnerUnblocked: [{ tenantId, partnerAccountId }],
  DeadlineExtended: (['K4', 'K5', 'K9'] as const).map((clock) => ({ clock, ...extended })),
  ConsentWindowPassed: [{ lines }],
  LinesMadeOfficial: [
    {
      lines: [{ line, associationId, target, partnerId: details.partnerId, activities, isIncentivised: true, displaces: null }],
      clocks: [],
    },
  ],
  LinesHeld: [{ lines, findings: [] }],
  AssociationEnded: [
    ...endReasons.map((reason) => ({ ...ended, reason, isContinued: false })),
    { ...ended, reason: 'superseded', isContinued: true },
  ],
  AssociationTransferred: [{ partnerId: '1240372', lines: [{ line, endedId: associationId, associationId: 'association-2' }], textId }],
  AssociationChecked: [{ lines, isEligible: true, endsOn: null, clocks: [], fault: 'The record cannot be used.' }],
  ExpiryNoticeDue: [{ line, daysLeft: 30, endsOn: '2026-04-01' }],
  LineCarriedOver: [{ line: 2, from: 1, product: 'sales', subscriptionId: '22222222-2222-4222-8222-222222222222', activities }],
  HolderWarned: [{ lines, challenger: claimId, clocks: [{ clock: 'K9', lines, startedAt: at, deadline, policy }] }],
  HearingClosed: [{ lines }],
  ChoiceRequested: [{ choiceId: 'choice-1', line, target, candidates, recipients, language: 'en', textId }],
  CustomerChose: [{ choiceId: 'choice-1', target, claimId, recipientId, textId }],
  RivalsDecided: [true, false].map((isWinner) => ({ line, isWinner, displaces: null, record: { ...record, candidates: [] }, textId })),
  ClaimWithdrawn: [{ lines, textId }],
  DisputeOpened: [{ lines, textId, evidenceIds: [], competing: [], clocks: [] }],
  DisputeDecided: (['approve', 'ask', 'final'] as const).map((outcome) => ({ lines, outcome, textId })),
  DisputeWindowClosed: [{ lines }],
};

/** Returns the samples of an event type as events. */
export const eventsOf = (type: EventType): ClaimEvent[] =>
  samples[type].map((data) => ({ type, at, by: { kind: 'system', subject: 'cpor' }, data }) as ClaimEvent);
