import type { PausedClock, RunningClock } from './clocks.js';
import type { ClaimDetails, EvidenceReference, LineDetails } from './details.js';
import type { NoticeRecipient } from './events.js';
import type { Finding } from './findings.js';
import { type Phase, rollUp } from './phases.js';

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
  official: { associationId: string; target: string; from: string; to: string | null } | null;
}

export interface NoticeState {
  noticeId: string;
  lines: number[];
  language: 'en' | 'ru';
  requestedAt: string;
  /** The recorded end of the window that this notice started; null while it has not begun, or is void. */
  closesAt: string | null;
  recipients: (NoticeRecipient & { state: 'pending' | 'accepted' | 'failed' | 'bounced'; at: string | null })[];
}

export interface InformationRequest {
  requestId: string;
  lines: number[];
  reasons: string[];
  askedAt: string;
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
  evidence: EvidenceReference[];
  notices: NoticeState[];
  requests: InformationRequest[];
  clocks: RunningClock[];
  paused: PausedClock[];
  /** Warnings and holds of the latest submission. */
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

/** The recipient whose acceptance set day 0 of the customer's window: the earliest that counts (domain 17). */
export function windowStarter(notice: NoticeState): NoticeState['recipients'][number] | undefined {
  const counting = notice.recipients.filter((one) => one.canStartWindow && one.state === 'accepted');
  return counting.sort((a, b) => (a.at! < b.at! ? -1 : 1))[0];
}

/** `workload:<tenant>:<product>` or `subscription:<id>`: what one partner at most may hold (domain 10, rule 1). */
export function targetOf(details: ClaimDetails, line: LineDetails): string {
  return line.subscriptionId === null ? `workload:${details.tenantId}:${line.product}` : `subscription:${line.subscriptionId}`;
}
