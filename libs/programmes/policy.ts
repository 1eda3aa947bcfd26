/** One version of a programme's rule set. A version is data and never changes once published; claims pin it. */
export interface Policy {
  name: string;
  /** From 1; a change to a published policy is a new version. */
  version: number;
  /** ISO date from which new claims take this version. */
  effectiveFrom: string;
  vendor: { name: string; contactEmail: string; explanationUrl: string };
  /** Language in which partners and the vendor are written to; a customer is in its tenant's. */
  language: 'en' | 'ru';
  /** Name of the calendar in which business days are counted. */
  calendar: string;
  areas: Area[];
  /** An activity may occur once per area, since its label, unit and pay can differ between areas. */
  activities: Activity[];
  products: Product[];
  clocks: Clocks;
  noticeTiming: 'on_approval' | 'on_submit';
  consent: ConsentRule;
  /** The same for a tenant with the public-sector flag. */
  publicSectorConsent: ConsentRule;
  isDomainRequired: boolean;
  isTechnicalContactRequired: boolean;
  /** Most products on one claim, or null for no limit. */
  maximumProducts: number | null;
  /** Most calendar days from the transaction to the claim, or null for no limit. */
  lateClaimDays: number | null;
  evidence: EvidenceRules;
  acknowledgement: { version: number; text: Text };
  requestReasons: Reason[];
  rejectionReasons: RejectionReason[];
  /** What at most one live association may exist for. */
  exclusivityKey: 'target' | 'target_and_activity';
  /** Months after which an association with a workload ends; null when it has no term. Those with a subscription end with it. */
  termMonths: number | null;
  /** What becomes of an association whose location is no longer enrolled. */
  whenEnrolmentIsLost: 'keep' | 'end';
  usage: UsageRules;
  retention: { eventYears: number; evidenceMonths: number };
  statementTemplates: StatementTemplate[];
  automaticApprovals: AutomaticApproval[];
}

/** Whether silence accepts (`opt_out`) or refuses (`opt_in`). */
export type ConsentRule = 'opt_out' | 'opt_in';

export interface Text {
  en: string;
  ru: string;
}

export interface Area {
  code: string;
  label: Text;
  unit: Unit;
  activities: string[];
  /** Programme in which a location must be enrolled to claim in this area. */
  enrolmentProgramme: string;
}

/** What is claimed: a workload of a tenant, or a subscription. */
export type Unit = 'workload' | 'subscription';

export interface Activity {
  code: 'presales' | 'usage' | 'revenue_association';
  areas: string[];
  label: Text;
  /** The partner role of 2023, shown where the newer vocabulary is wanted. */
  label2023: Text;
  unit: Unit;
  combinableWith: string[];
  /** Whether an incentive programme may pay for it; nothing is computed from it here. */
  isIncentivised: boolean;
  requiredFields: string[];
}

export interface Product {
  code: string;
  area: string;
  label: Text;
  unit: Unit;
  activities: string[];
  /** Other names under which sources and users know it. */
  synonyms: string[];
  /** The family that a subscription to it must have; everything of Business Applications counts as `dynamics`. */
  family: 'dynamics' | 'microsoft_365' | 'other';
  /** A retired product takes no new claims. */
  state: 'active' | 'retired';
}

export interface Clocks {
  reviewStartBusinessDays: number;
  reviewDecisionBusinessDays: number;
  answerBusinessDays: number;
  consentWindow: { days: number; unit: ConsentWindowUnit };
  disputeCalendarDays: number;
  disputeAnswerBusinessDays: number;
  /** How long the holder of a target may answer a rival's claim. */
  hearingBusinessDays: number;
  coolDownCalendarDays: number;
  /** Calendar days before the end of an association on which it is announced, the longest first. */
  expiryNoticeDays: number[];
}

/** `second` serves benchmarks in sandbox mode only. */
export type ConsentWindowUnit = 'business_day' | 'calendar_day' | 'second';

export interface EvidenceRules {
  maximumBytes: number;
  types: EvidenceType[];
  /** Oldest signature accepted at submission. */
  signatureMaximumAgeMonths: number;
  /** Whether a claim needs one of the programme's statement templates as its evidence. */
  isTemplateRequired: boolean;
  /** What a notice shows the customer: file names and the signature date, or the files as well. */
  customerSees: 'names' | 'full';
}

export type EvidenceType = 'pdf' | 'docx' | 'xlsx' | 'pptx' | 'png' | 'jpeg' | 'csv';

export interface Reason {
  code: string;
  label: Text;
}

export interface RejectionReason extends Reason {
  /** Who gives it: a reviewer in a decision, or the system when a clock or the customer ends the claim. */
  givenBy: 'reviewer' | 'system';
}

/** What a partner reads of the usage of its associations. */
export interface UsageRules {
  /** Counts below it are not shown; null shows all. */
  suppressBelow: number | null;
  /** Whether the month before the association is shown for comparison. */
  hasBaselineMonth: boolean;
  /** What stays readable after the end. */
  afterEnd: 'nothing' | 'months_of_tenure';
  /** Columns shown to executive viewers alone, as revenue and personal data must be. */
  executiveColumns: string[];
}

/** A statement of work that the vendor has approved beforehand, known by the digest of its blank file. */
export interface StatementTemplate {
  code: string;
  title: Text;
  /** SHA-256 of the blank file, in lower-case hexadecimal digits. */
  sha256: string;
  /** What the filled form states and the claim must equal. */
  fields: StatementField[];
  /** A retired template serves no new claims. */
  state: 'active' | 'retired';
}

export type StatementField = 'tenantId' | 'domain' | 'products' | 'activities' | 'signedOn';

/** A rule by which a claim is approved without a reviewer; each of its conditions must hold. */
export interface AutomaticApproval {
  code: string;
  areas: string[];
  activities: string[];
  /** The products it holds for, or null for all of its areas. */
  products: string[] | null;
  /** The statement template that the claim must be made on, or null for any evidence. */
  template: string | null;
  /** Most lines on the claim, or null for no limit. */
  maximumLines: number | null;
}

/** The activity as it is offered in an area, or undefined when it is not. */
export const activityIn = (policy: Policy, area: string, code: string): Activity | undefined =>
  policy.activities.find((activity) => activity.code === code && activity.areas.includes(area));
