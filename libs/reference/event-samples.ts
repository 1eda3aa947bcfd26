import {
  type ClaimEvent,
  type ClockName,
  type ClockStart,
  type Deadline,
  endReasons,
  type EventOf,
  type EventType,
  type NoticeRecipient,
} from '#libs/claims/index.js';

/** Data of each event, one sample for each variant with its own text; the first includes optional fields. */
type Samples = { [Type in EventType]: Variants<EventOf<Type>['data']> };
type Variants<Data> = Required<Data>[] | [Required<Data>, Data];

export const at = '2026-03-02T15:00:00.000Z';

/** An identifier that is easily recognised: of one hexadecimal digit. */
export const sampleId = (digit: string): string => 'ddddddddd-dddd-4ddd-8ddd-dddddddddddd'.slice(1).replaceAll('d', digit);
export const readers = { customer: sampleId('c'), partner: sampleId('d') };

const lines = [1];
const line = 1;
const textId = sampleId('7');
const noticeId = sampleId('6');
const recipientId = sampleId('8');
const tenantId = sampleId('1');
const partnerAccountId = sampleId('2');
const signatureId = sampleId('b1');
const emailDomain = 'customer.example';
const sha256 = '';
const target = `workload:${tenantId}:teams`;
const claimId = sampleId('4');
const associationId = sampleId('5');
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
const clock = (name: ClockName): ClockStart => ({ clock: name, lines, startedAt: at, deadline, policy });
const recipients: NoticeRecipient[] = [{ recipientId, kind: 'contact', personId: readers.customer, canStartWindow: true }];
const contact = (personId: string) => ({ personId, emailDomain: 'customer.example', missingFields: [] });
const candidates = [{ claimId, partnerAccountId, isHolder: false }];
const record = {
  recordId: sampleId('9'),
  target,
  candidates: [],
  winner: claimId,
  step: 'newest_evidence',
  decidedBy: 'reviewer-1',
} as const;
const evidence = { evidenceId: sampleId('a'), sha256: '', signedOn: '2026-02-02', cover: null };
const cover = { tenantId, domain: null, products: ['teams'], activities: ['usage'] };

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

const rejected = { lines, reason: 'evidence_insufficient', textId };
const ended = { lines, noticeId, recipientId, textId, coolDown: deadline, settles: [] };
const extended = { lines, from: at, deadline, textId };

export const samples: Samples = {
  ClaimDrafted: [{ number: 'CLM-000001', partnerAccountId, policy, details, warnings: [] }],
  ClaimEdited: [{ changes: {}, warnings: [], competing: [] }],
  EvidenceAdded: [{ evidence }],
  EvidenceScanned: [
    { evidenceId: evidence.evidenceId, result: 'clean', scanner: 'ClamAV 1.4.6/27500' },
    { evidenceId: evidence.evidenceId, result: 'infected', scanner: 'ClamAV 1.4.6/27500' },
  ],
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
    clocks: [clock('K1'), clock('K3')],
  })),
  ReviewStarted: [{ lines, clocks: [clock('K2')] }],
  InformationRequested: [
    { requestId: sampleId('e'), lines, reasons: ['evidence_all_missing'], textId, suggestedDrops: [], clocks: [clock('K4')], paused: [] },
  ],
  LinesApproved: [{ lines, textId, clearedHolds: [], findings: [], rule: 'standard_statement_of_work' }],
  LinesRejected: [
    { ...rejected, clocks: [clock('K7')], isFinal: false },
    { ...rejected, clocks: [], isFinal: true },
    { ...rejected, reason: 'customer_refused_target', clocks: [], isFinal: true },
  ],
  DeadlineBreached: (['K1', 'K2', 'K3', 'K8'] as const).map((clock) => ({ clock, lines, dueAt })),
  NoticeRequested: [{ noticeId, lines, recipients, language: 'en', consent: 'opt_out' }],
  NoticeRecipientAdded: recipients.map((recipient) => ({ noticeId, recipient })),
  NoticeAccepted: [{ noticeId, recipientId, clocks: [clock('K5')] }],
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
  AssociationTransferred: [{ partnerId: '1240372', lines: [{ line, endedId: associationId, associationId: sampleId('f') }], textId }],
  AssociationChecked: [
    { lines, isEligible: true, endsOn: null, clocks: [], fault: 'The record cannot be used.' },
    { lines, isEligible: false, endsOn: null, clocks: [] },
  ],
  ExpiryNoticeDue: [{ line, daysLeft: 30, endsOn: '2026-04-01' }],
  LineCarriedOver: [{ line: 2, from: 1, product: 'sales', subscriptionId: sampleId('b'), activities }],
  HolderWarned: [{ lines, challenger: claimId, clocks: [clock('K9')] }],
  HearingClosed: [{ lines }],
  ChoiceRequested: [{ choiceId: sampleId('0'), line, target, candidates, recipients, language: 'en', textId }],
  CustomerChose: [{ choiceId: sampleId('0'), target, claimId, recipientId, textId }],
  RivalsDecided: [true, false].map((isWinner) => ({ line, isWinner, displaces: null, record: { ...record, candidates: [] }, textId })),
  ClaimWithdrawn: [{ lines, textId }],
  DisputeOpened: [{ lines, textId, evidenceIds: [], competing: [], clocks: [clock('K8')] }],
  DisputeDecided: (['approve', 'ask', 'final'] as const).map((outcome) => ({ lines, outcome, textId })),
  DisputeWindowClosed: [{ lines }],
};

/** Returns the samples of an event type as events. */
export const eventsOf = (type: EventType): ClaimEvent[] =>
  samples[type].map((data) => ({ type, at, by: { kind: 'system', subject: 'cpor' }, data }) as ClaimEvent);
