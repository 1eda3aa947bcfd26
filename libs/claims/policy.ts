/** The part of a programme's policy that the rules of a claim read. A policy version is data and never changes once published. */
export interface ClaimPolicy {
  name: string;
  version: number;
  areas: { code: string; unit: 'workload' | 'subscription'; activities: string[]; enrolmentProgramme: string }[];
  activities: { code: string; areas: string[]; combinableWith: string[]; requiredFields: string[] }[];
  products: { code: string; area: string; activities: string[]; family: string; state: 'active' | 'retired' }[];
  clocks: {
    reviewStartBusinessDays: number;
    reviewDecisionBusinessDays: number;
    answerBusinessDays: number;
    consentWindow: { days: number; unit: DeadlineUnit };
    disputeCalendarDays: number;
    disputeAnswerBusinessDays: number;
  };
  noticeTiming: 'on_approval' | 'on_submit';
  isDomainRequired: boolean;
  isTechnicalContactRequired: boolean;
  maximumProducts: number | null;
  lateClaimDays: number | null;
  evidence: { signatureMaximumAgeMonths: number };
  acknowledgement: { version: number };
  requestReasons: { code: string }[];
  rejectionReasons: { code: string; givenBy: 'reviewer' | 'system' }[];
}

/** `second` exists for benchmarks in sandbox mode; a policy with it is refused in production. */
export type DeadlineUnit = 'business_day' | 'calendar_day' | 'second';

/** `sample@3`: the reference under which a policy or calendar version is written into events. */
export const versionReference = (item: { name: string; version: number }): string => `${item.name}@${item.version}`;
