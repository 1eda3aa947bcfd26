import type { PausedClock, RunningClock } from './clocks.js';
import type { ClaimDetails, CoverForm, EvidenceReference, LineDetails } from './details.js';
import type { RivalryStep } from './competition.js';
import type { EndReason, NoticeRecipient } from './events.js';
import type { Finding } from './findings.js';
import { compareInstants } from './instants.js';
import { type Phase, rollUp } from './phases.js';
import type { Consent, ExclusivityKey } from './policy.js';

export interface LineState extends LineDetails {
  phase: Phase;
  /** When it entered this phase. */
  since: string;
  isApproved: boolean;
  /** Set once the customer's window has passed before the line was approved. */
  isWindowPassed: boolean;
  /** Why the line is held although its window has passed. */
  holds: Finding[];
  /** `by` is the subject of whoever decided, also where the decision was made on another claim. */
  rejection: { reason: string; by: string; isDisputable: boolean } | null;
  isDisputeUsed: boolean;
  /** The latest notice about this line. */
  noticeId: string | null;
  official: OfficialState | null;
  /** The end of the cool-down after the customer's refusal: until then the partner cannot claim the target again (K10). */
  coolDownUntil: string | null;
  /** The customer's acceptance while the line is open; a refusal is a rejection. */
  acceptance: { at: string; isTenantAdmin: boolean } | null;
  /** The outcome of the latest decision between rivals. */
  rivalry: RivalryState | null;
  /** The hearing of a holder for whose target another claim competes (K9). */
  hearing: { challengers: string[]; dueAt: string; isOver: boolean } | null;
  /** The line that this line renews. */
  renews: number | null;
}

export interface RivalryState {
  recordId: string;
  isWinner: boolean;
  step: RivalryStep;
  decidedBy: string;
  rivals: string[];
  displaces: string | null;
  decidedAt: string;
  /** ISO date of the claim's own newest evidence that counted. */
  evidenceOn: string | null;
}

/** A line's association. A transfer ends it and begins a new one. */
export interface OfficialState {
  associationId: string;
  target: string;
  partnerId: string;
  activities: string[];
  from: string;
  to: string | null;
  endReason: EndReason | null;
  /** Earlier associations of the line, ended by transfer. */
  earlier: { associationId: string; partnerId: string; from: string; to: string }[];
  /** False while the location is not enrolled or the subscription is suspended; the association stays (R15, domain.md 6). */
  isEligible: boolean;
  /** ISO date on which it ends by itself, as far as is known. */
  endsOn: string | null;
  /** Expiry notices sent, as `<end date>/<days left>`. */
  expiryNotices: string[];
}

/** A question asking the customer which of several partners it wants on a target (domain.md 10, step a). */
export interface ChoiceState {
  choiceId: string;
  line: number;
  target: string;
  candidates: { claimId: string; partnerAccountId: string; isHolder: boolean }[];
  recipients: NoticeState['recipients'];
  language: 'en' | 'ru';
  requestedAt: string;
  chosen: { claimId: string; at: string } | null;
}

export interface NoticeState {
  noticeId: string;
  lines: number[];
  language: 'en' | 'ru';
  requestedAt: string;
  consent: Consent;
  /** The end of the window that this notice started; null before it begins and when it is void. */
  closesAt: string | null;
  recipients: (NoticeRecipient & { state: 'pending' | 'accepted' | 'failed' | 'bounced'; at: string | null })[];
}

/** A request to sign the statement of work. */
export interface SignatureState {
  signatureId: string;
  /** The addressee, and those who forwarded the request before, oldest first. */
  personId: string;
  emailDomain: string;
  forwardedBy: string[];
  language: 'en' | 'ru';
  policy: string;
  textId: string;
  textSha256: string;
  cover: CoverForm;
  requestedAt: string;
  requestedBy: string;
  expiresAt: string;
  outcome: 'signed' | 'declined' | 'expired' | 'canceled' | null;
  /** When the outcome was reached. */
  closedAt: string | null;
  /** The latest code; earlier ones are void. */
  code: { codeId: string; requestedAt: string; validUntil: string } | null;
  /** Number of codes so far. */
  codes: number;
  signerId: string | null;
}

export interface InformationRequest {
  requestId: string;
  lines: number[];
  reasons: string[];
  askedAt: string;
  /** Whether the partner was given more time, once per request (K4). */
  isExtended: boolean;
  /** The claim's version right after the question: anything later may be the answer. */
  version: number;
}

export interface ClaimState {
  /** Number of events so far; 0 when the claim does not exist. */
  version: number;
  number: string;
  partnerAccountId: string;
  policy: string;
  details: ClaimDetails;
  lines: LineState[];
  /** Evidence that counts. */
  evidence: (EvidenceReference & { addedAt: string })[];
  supersededEvidence: (EvidenceReference & { supersededBy: string })[];
  notices: NoticeState[];
  choices: ChoiceState[];
  exclusivityKey: ExclusivityKey;
  /** First submission, RFC 3339; null for a draft. */
  submittedAt: string | null;
  isPartnerBlocked: boolean;
  requests: InformationRequest[];
  /** Absent until the first request. */
  signatures?: SignatureState[];
  clocks: RunningClock[];
  paused: PausedClock[];
  /** Warnings and holds of the latest submission; of a draft, the warnings of its last save. */
  findings: Finding[];
  /** Number of submissions. */
  submission: number;
  /** The version at which the partner last added evidence or changed the claim. */
  suppliedAtVersion: number;
  /** Subjects who acted for the partner; none of them may review the claim (R21). */
  partnerSubjects: string[];
  /** Who last began a review of the claim. Absent until somebody does. `reviewerOf` says whether that review goes on. */
  reviewer?: string;
}

export const initialState: ClaimState = {
  version: 0,
  number: '',
  partnerAccountId: '',
  policy: '',
  details: {
    programme: '',
    name: '',
    partnerId: '',
    tenantId: '',
    domain: null,
    area: '',
    lines: [],
    contacts: { customer: null, partner: null, technical: null },
    revenue: null,
    acknowledgementVersion: null,
    transactionOn: null,
    isOptedOutOfIncentives: false,
    externalReference: null,
    tags: [],
  },
  lines: [],
  evidence: [],
  supersededEvidence: [],
  notices: [],
  choices: [],
  exclusivityKey: 'target',
  submittedAt: null,
  isPartnerBlocked: false,
  requests: [],
  clocks: [],
  paused: [],
  findings: [],
  submission: 0,
  suppliedAtVersion: 0,
  partnerSubjects: [],
};

/** Returns the claim's rolled-up phase. */
export const phaseOf = (state: ClaimState): Phase => rollUp(state.lines.map((line) => line.phase));

/** Returns the lines in one of the phases, among the named lines or all. */
export function linesIn(state: Pick<ClaimState, 'lines'>, phases: readonly Phase[], named?: number[]): LineState[] {
  return state.lines.filter((line) => phases.includes(line.phase) && (named === undefined || named.includes(line.line)));
}

/** Returns the signature request that the customer can still answer; a claim has at most one. It ends with the claim as well. */
export const openSignature = ({ signatures, clocks }: Pick<ClaimState, 'signatures' | 'clocks'>): SignatureState | null =>
  clocks.some(({ clock }) => clock === 'K15') ? (signatures?.find(({ outcome }) => outcome === null) ?? null) : null;

/** Returns who is reviewing the claim; null while nobody is. Another reviewer may still act: it says who has taken the work, not who may do it. */
export const reviewerOf = ({ lines, reviewer }: Pick<ClaimState, 'lines' | 'reviewer'>): string | null =>
  reviewer !== undefined && lines.some(({ phase }) => phase === 'under_review') ? reviewer : null;

/** Whether a check before official has put the line on hold for a reviewer. */
export const isHeldBack = ({ phase, holds }: LineState): boolean => phase === 'consent_pending' && holds.length > 0;

/**
 * Returns the reviewers whose decision is disputed; another one must decide the dispute (domain.md 3.2). A decision between rivals made since the
 * dispute began is part of deciding it.
 */
export const disputedDeciders = ({ rejection }: Pick<LineState, 'rejection'>): string[] => (rejection === null ? [] : [rejection.by]);

/** Whether a notice's running window was counted without knowing all holidays. */
export const isWindowBeyondCoverage = (state: ClaimState, { closesAt, lines }: Pick<NoticeState, 'closesAt' | 'lines'>): boolean =>
  state.clocks.some(
    ({ clock, lines: covered, deadline }) =>
      clock === 'K5' && deadline.dueAt === closesAt && deadline.isBeyondCoverage && covered.some((line) => lines.includes(line)),
  );

/** Returns whether the customer's silence accepts the line, as its notice states. */
const consentFor = (state: ClaimState, line: LineState): Consent =>
  state.notices.find(({ noticeId }) => noticeId === line.noticeId)?.consent ?? 'opt_out';

/** Whether the line needs an explicit acceptance that the customer has not given. */
export const lacksConsent = (state: ClaimState, line: LineState): boolean =>
  line.acceptance === null && consentFor(state, line) === 'opt_in';

/** Returns the notices addressed to a person, oldest first. The link in any of them covers the lines of all of them. */
export const noticesTo = (state: ClaimState, personId: string): NoticeState[] =>
  state.notices.filter(({ recipients }) => recipients.some((recipient) => recipient.personId === personId));

/** Returns the recipient whose acceptance set day 0 of the customer's window: the earliest that counts (domain.md 17). */
export function windowStarter(notice: NoticeState): NoticeState['recipients'][number] | undefined {
  const counting = notice.recipients.filter((recipient) => recipient.canStartWindow && recipient.state === 'accepted');
  return counting.sort((a, b) => compareInstants(a.at!, b.at!))[0];
}

/**
 * Returns `workload:<tenant>:<product>` or `subscription:<id>`: what at most one partner may hold (domain.md 10, rule 1). A programme that
 * treats activities separately appends the line's only activity, as in `#usage`.
 */
export function targetOf(details: Pick<ClaimDetails, 'tenantId'>, line: LineDetails, key: ExclusivityKey = 'target'): string {
  const target = line.subscriptionId === null ? `workload:${details.tenantId}:${line.product}` : `subscription:${line.subscriptionId}`;
  return key === 'target' ? target : `${target}#${line.activities.toSorted().join('+')}`;
}
