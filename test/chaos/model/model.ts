/**
 * What must come out of a customer's claims, written from docs/explanation/domain.md and not from the rules' code: a second opinion. It is plain
 * data, so that a state can be copied to see what would follow at another instant. Instants are milliseconds since 1970.
 */
export interface Model {
  claims: ClaimModel[];
  /** Companies whose claims the customer has blocked, by account. */
  blocked: string[];
  refusals: { account: string; target: string; at: number }[];
}

export type Phase =
  | 'draft'
  | 'submitted'
  | 'under_review'
  | 'action_required'
  | 'consent_pending'
  | 'official'
  | 'ended'
  | 'rejected'
  | 'disputed'
  | 'rejected_final'
  | 'canceled';

export interface ClaimModel {
  claimId: string;
  number: string;
  account: string;
  /** The office that claims. */
  partnerId: string;
  name: string;
  contact: string;
  partnerEmail: string;
  lines: LineModel[];
  notices: NoticeModel[];
  choices: ChoiceModel[];
  /** The newest signature of a customer on the claim's evidence, as an ISO date. */
  evidenceOn: string | null;
  submittedAt: number | null;
  /** When it was last submitted, or began to compete again. */
  competesSince: Span | null;
  /** Whether evidence or a change has followed the latest request. */
  hasSupplied: boolean;
  events: ExpectedEvent[];
  mails: ExpectedMail[];
  tenures: Tenure[];
}

export interface LineModel {
  line: number;
  product: string;
  phase: Phase;
  notice: number | null;
  isDisputable: boolean;
  isDisputeUsed: boolean;
  rejection: string | null;
  /** Reviewers who decided against the line. */
  deciders: string[];
  /** Claims that took part in the latest decision between rivals, and whether this one won. */
  rivalry: { isWinner: boolean; rivals: string[] } | null;
  /** Claims of which the holder was told. */
  challengers: string[];
}

interface NoticeModel {
  lines: number[];
  recipients: { email: string; state: 'pending' | 'accepted' | 'failed' }[];
  closesAt: number | null;
  /** Whether the driver has seen every answer of the mail server; otherwise the mails may have been stopped on their way. */
  isSettled: boolean;
}

interface ChoiceModel {
  choiceId: string;
  line: number;
  target: string;
  candidates: string[];
  chosen: { claimId: string; at: number } | null;
}

/** An event that must be in the history, in this order; deliveries of mails come at any time and are compared apart. */
export interface ExpectedEvent {
  type: string;
  lines: number[];
  /** The code that tells one event of its type from another, if there is one. */
  detail: string | null;
  /** The event's instant lies between these. */
  at: Span;
}

export interface Span {
  from: number;
  to: number;
}

export interface ExpectedMail {
  to: string;
  kind: string;
  /** Whether it may be missing, because its reason may have passed before it was sent. */
  isOptional: boolean;
}

export interface Tenure {
  line: number;
  target: string;
  partnerId: string;
  from: Span;
  to: Span | null;
  reason: string | null;
}

export const undecided: Phase[] = ['submitted', 'under_review', 'action_required', 'consent_pending'];
export const open: Phase[] = [...undecided, 'disputed'];
export const inReview: Phase[] = ['submitted', 'under_review'];

export const linesIn = (claim: ClaimModel, phases: Phase[], named?: number[]): LineModel[] =>
  claim.lines.filter(({ line, phase }) => phases.includes(phase) && (named === undefined || named.includes(line)));
export const numbersOf = (lines: LineModel[]): number[] => lines.map(({ line }) => line);

/** What a step asks of a claim. Refusals are the codes of domain.md 6 and 7. */
export interface Step {
  type: string;
  claim: string;
  lines?: number[] | undefined;
  reviewer?: string;
  reason?: string;
  outcome?: string;
  name?: string;
  product?: string;
  signedOn?: string;
  partnerId?: string;
  winner?: string;
  choiceId?: string;
  comment?: string | undefined;
  blocks?: boolean;
}

export const findClaim = (model: Model, claimId: string): ClaimModel => model.claims.find((claim) => claim.claimId === claimId)!;

export const newLine = (line: number, product: string): LineModel => ({
  line,
  product,
  phase: 'draft',
  notice: null,
  isDisputable: false,
  isDisputeUsed: false,
  rejection: null,
  deciders: [],
  rivalry: null,
  challengers: [],
});
