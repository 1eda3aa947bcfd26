import type { PausedClock, RunningClock } from './clocks.js';
import type { ClaimDetails, EvidenceReference, LineDetails } from './details.js';
import type { RivalryStep } from './competition.js';
import type { EndReason, NoticeRecipient } from './events.js';
import type { Finding } from './findings.js';
import { compareInstants, isBefore } from './instants.js';
import { type Phase, rollUp } from './phases.js';
import type { Consent, ExclusivityKey } from './policy.js';

export interface LineState extends LineDetails {
  phase: Phase;
  /** Since when it is in this phase. */
  since: string;
  isApproved: boolean;
  /** Set once the customer's window has passed for a line that was not yet approved. */
  isWindowPassed: boolean;
  /** Why the line is held although its window has passed. */
  holds: Finding[];
  rejection: { reason: string; by: string; isDisputable: boolean } | null;
  isDisputeUsed: boolean;
  /** The notice that told the customer of this line. */
  noticeId: string | null;
  official: OfficialState | null;
  /** Until when the same partner's next claim on the target must wait after the customer's refusal (K10). */
  coolDownUntil: string | null;
  /** The customer's word while the line is open; a refusal is a rejection. */
  acceptance: { at: string; isTenantAdmin: boolean } | null;
  /** What the latest decision between rivals meant for this line. */
  rivalry: RivalryState | null;
  /** The hearing of a holder whose target another claim wants (K9). */
  hearing: { challengers: string[]; dueAt: string; isOver: boolean } | null;
  /** The line of which this one is the renewal. */
  renews: number | null;
}

export interface RivalryState {
  recordId: string;
  isWinner: boolean;
  step: RivalryStep;
  decidedBy: string;
  rivals: string[];
  displaces: string | null;
  decidedAt?: string;
  /** ISO date of the line's own newest evidence that counted. */
  evidenceOn?: string | null;
}

/** A line's association. One line may have several in turn: a transfer begins a new one. */
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
  /** False once the directory said that the location is not enrolled, or the subscription suspended; the association stays (R15, domain.md 6). */
  isEligible: boolean;
  /** ISO date on which it ends by itself, as far as is known. */
  endsOn: string | null;
  /** Expiry notices that were given, as `<end date>/<days left>`. */
  expiryNotices: string[];
}

/** The customer was asked which of several partners it wants on a target (domain.md 10, step a). */
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
  /** The recorded end of the window that this notice started; null while it has not begun, or is void. */
  closesAt: string | null;
  recipients: (NoticeRecipient & { state: 'pending' | 'accepted' | 'failed' | 'bounced'; at: string | null })[];
}

export interface InformationRequest {
  requestId: string;
  lines: number[];
  reasons: string[];
  askedAt: string;
  /** Whether the partner was given more time: once a request (K4). */
  isExtended: boolean;
  /** Version of the claim right after the question: what came later may be the answer. */
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
  /** What counts; superseded evidence is kept apart. */
  evidence: (EvidenceReference & { addedAt?: string | undefined })[];
  supersededEvidence?: (EvidenceReference & { supersededBy: string })[];
  notices: NoticeState[];
  choices: ChoiceState[];
  exclusivityKey: ExclusivityKey;
  /** First submission, RFC 3339; null for a draft. */
  submittedAt: string | null;
  isPartnerBlocked: boolean;
  requests: InformationRequest[];
  clocks: RunningClock[];
  paused: PausedClock[];
  /** Warnings and holds of the latest submission; of a draft, what its saving warned of. */
  findings: Finding[];
  /** How often the claim was submitted. */
  submission: number;
  /** Version at which the partner last supplied evidence or changed the claim. */
  suppliedAtVersion: number;
  /** Subjects who acted for the partner: none of them reviews it (R21). */
  partnerSubjects: string[];
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

/** The phase that stands for the whole claim. */
export const phaseOf = (state: ClaimState): Phase => rollUp(state.lines.map((line) => line.phase));

/** The lines that a command names, or all, as far as they are in one of the phases. */
export function linesIn(state: ClaimState, phases: readonly Phase[], named?: number[]): LineState[] {
  return state.lines.filter((line) => phases.includes(line.phase) && (named === undefined || named.includes(line.line)));
}

/** Whether a check shortly before official has stopped the line for a reviewer. */
export const isHeldBack = ({ phase, holds }: LineState): boolean => phase === 'consent_pending' && holds.length > 0;

/** Whose decision a dispute of a disputed line is about: another reviewer decides it (domain.md 3.2). */
export function disputedDeciders({ rejection, rivalry, since }: Pick<LineState, 'rejection' | 'rivalry' | 'since'>): string[] {
  if (rejection === null) return [];
  // The claim whose reviewer decided between the rivals tells the others: who rejected there is the system. What was decided between them
  // since the dispute began belongs to the other reviewer's work.
  const isAboutRivals = rejection.reason === 'lost_arbitration' && rivalry !== null && isEarlierThan(rivalry, since);
  return isAboutRivals ? [rejection.by, rivalry.decidedBy] : [rejection.by];
}

/** Whether the window of a notice, which still runs, was counted without knowing all holidays. */
export const isWindowBeyondCoverage = (state: ClaimState, { closesAt, lines }: Pick<NoticeState, 'closesAt' | 'lines'>): boolean =>
  state.clocks.some(
    ({ clock, lines: covered, deadline }) =>
      clock === 'K5' && deadline.dueAt === closesAt && deadline.isBeyondCoverage && covered.some((line) => lines.includes(line)),
  );

/** Whether rivals were decided before an instant; what does not say when is from before that was recorded. */
export const isEarlierThan = ({ decidedAt }: RivalryState, instant: string): boolean =>
  decidedAt === undefined || isBefore(decidedAt, instant);

/** Whether the customer's silence accepts the line, by the notice that told of it. */
const consentFor = (state: ClaimState, line: LineState): Consent =>
  state.notices.find(({ noticeId }) => noticeId === line.noticeId)?.consent ?? 'opt_out';

/** Whether only the customer's word accepts the line, and has not been given. */
export const lacksConsent = (state: ClaimState, line: LineState): boolean =>
  line.acceptance === null && consentFor(state, line) === 'opt_in';

/** The notices that were addressed to a person, oldest first. Each of its links speaks for all lines of all of them. */
export const noticesTo = (state: ClaimState, personId: string): NoticeState[] =>
  state.notices.filter(({ recipients }) => recipients.some((recipient) => recipient.personId === personId));

/** The recipient whose acceptance set day 0 of the customer's window: the earliest that counts (domain.md 17). */
export function windowStarter(notice: NoticeState): NoticeState['recipients'][number] | undefined {
  const counting = notice.recipients.filter((one) => one.canStartWindow && one.state === 'accepted');
  return counting.sort((a, b) => compareInstants(a.at!, b.at!))[0];
}

/**
 * `workload:<tenant>:<product>` or `subscription:<id>`: what one partner at most may hold (domain.md 10, rule 1). A programme that counts each
 * activity for itself adds it, as `#usage`; a line has one activity there.
 */
export function targetOf(details: Pick<ClaimDetails, 'tenantId'>, line: LineDetails, key: ExclusivityKey = 'target'): string {
  const target = line.subscriptionId === null ? `workload:${details.tenantId}:${line.product}` : `subscription:${line.subscriptionId}`;
  return key === 'target' ? target : `${target}#${line.activities.toSorted().join('+')}`;
}
