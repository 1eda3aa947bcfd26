/** The part of a programme's policy that the rules read. A policy version never changes once published. */
export interface ClaimPolicy {
  name: string;
  version: number;
  areas: { code: string; unit: 'workload' | 'subscription'; activities: string[]; enrolmentProgramme: string }[];
  activities: { code: string; areas: string[]; combinableWith: string[]; isIncentivised: boolean; requiredFields: string[] }[];
  products: { code: string; area: string; activities: string[]; family: string; state: 'active' | 'retired' }[];
  clocks: {
    reviewStartBusinessDays: number;
    reviewDecisionBusinessDays: number;
    answerBusinessDays: number;
    consentWindow: { days: number; unit: DeadlineUnit };
    disputeCalendarDays: number;
    disputeAnswerBusinessDays: number;
    hearingBusinessDays: number;
    coolDownCalendarDays: number;
    /** How many days before an association's end its partner is notified, such as 30, 7 and 1. */
    expiryNoticeDays: number[];
  };
  noticeTiming: 'on_approval' | 'on_submit';
  consent: Consent;
  publicSectorConsent: Consent;
  isDomainRequired: boolean;
  isTechnicalContactRequired: boolean;
  maximumProducts: number | null;
  lateClaimDays: number | null;
  evidence: { signatureMaximumAgeMonths: number; isTemplateRequired: boolean };
  acknowledgement: { version: number };
  requestReasons: { code: string }[];
  rejectionReasons: { code: string; givenBy: 'reviewer' | 'system' }[];
  exclusivityKey: ExclusivityKey;
  /** Term of a workload's association in months, or null for none. */
  termMonths: number | null;
  whenEnrolmentIsLost: 'keep' | 'end';
  /** The statement of work that customers can sign in cpor; absent when the programme has none. */
  statementOfWork?: { texts: { en?: unknown; ru?: unknown }; signing: { days: number; unit: DeadlineUnit } } | undefined;
  statementTemplates: StatementTemplate[];
  automaticApprovals: AutomaticApproval[];
}

/** Whether the customer's silence accepts, or only an explicit acceptance (D3). */
export type Consent = 'opt_out' | 'opt_in';

/** What may have at most one live association (domain.md 10, rule 1). */
export type ExclusivityKey = 'target' | 'target_and_activity';

/** A standard statement of work that the vendor has approved in advance. */
export interface StatementTemplate {
  code: string;
  sha256: string;
  /** The fields that a cover form on this template must state, matching the claim. */
  fields: ('tenantId' | 'domain' | 'products' | 'activities' | 'signedOn')[];
  state: 'active' | 'retired';
}

/** A rule that approves claims automatically; null matches anything. */
export interface AutomaticApproval {
  code: string;
  areas: string[];
  activities: string[];
  products: string[] | null;
  template: string | null;
  maximumLines: number | null;
}

/** `second` is for benchmarks in sandbox mode; production refuses a policy that uses it. */
export type DeadlineUnit = 'business_day' | 'calendar_day' | 'second';

/** Returns `sample@3`: how events refer to a version of a policy or calendar. */
export const versionReference = (item: { name: string; version: number }): string => `${item.name}@${item.version}`;
