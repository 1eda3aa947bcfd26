/** One version of a programme's rule set. A version is data and never changes once published; claims pin it. */
export interface Policy {
  name: string;
  /** Starts at 1; every change is a new version. */
  version: number;
  /** ISO date from which new claims use this version. */
  effectiveFrom: string;
  vendor: { name: string; contactEmail: string; explanationUrl: string | null };
  /** Language of mails to partners and the vendor; customers get the language of their tenant. */
  language: 'en' | 'ru';
  /** Name of the calendar that defines business days. */
  calendar: string;
  areas: Area[];
  /** One entry per activity and area, because label, unit and incentive can differ between areas. */
  activities: Activity[];
  products: Product[];
  clocks: Clocks;
  noticeTiming: 'on_approval' | 'on_submit';
  consent: ConsentRule;
  /** The same for public-sector tenants. */
  publicSectorConsent: ConsentRule;
  isDomainRequired: boolean;
  isTechnicalContactRequired: boolean;
  /** Maximum number of products per claim; null for no limit. */
  maximumProducts: number | null;
  /** Maximum number of calendar days from the transaction to the claim; null for no limit. */
  lateClaimDays: number | null;
  evidence: EvidenceRules;
  acknowledgement: { version: number; text: Text };
  requestReasons: Reason[];
  rejectionReasons: RejectionReason[];
  /** What can have at most one live association. */
  exclusivityKey: 'target' | 'target_and_activity';
  /** Months after which an association with a workload ends; null for never. One with a subscription ends with the subscription. */
  termMonths: number | null;
  /** What happens to an association whose location loses its enrolment. */
  whenEnrolmentIsLost: 'keep' | 'end';
  usage: UsageRules;
  retention: { eventYears: number; evidenceMonths: number };
  /** The statement of work that customers can sign in cpor; absent when the programme has none. */
  statementOfWork?: StatementOfWork | undefined;
  statementTemplates: StatementTemplate[];
  automaticApprovals: AutomaticApproval[];
}

/** A statement of work in one language. Every text may hold placeholders such as `{partner}`. */
export interface StatementText {
  title: string;
  paragraphs: string[];
}

/** What a customer's signatory is asked to sign, and for how long. */
export interface StatementOfWork {
  /** How long a request stays open (K15). */
  signing: { days: number; unit: ConsentWindowUnit };
  /** By language; at least one. A request is in one of these. */
  texts: { en?: StatementText | undefined; ru?: StatementText | undefined };
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
  /** Partner role in the vocabulary of 2023. */
  label2023: Text;
  unit: Unit;
  combinableWith: string[];
  /** Whether an incentive programme may pay for it. Informational only. */
  isIncentivised: boolean;
  requiredFields: string[];
}

export interface Product {
  code: string;
  area: string;
  label: Text;
  unit: Unit;
  activities: string[];
  /** Other names for the product. */
  synonyms: string[];
  /** Family of its subscriptions. Every Business Applications product counts as `dynamics`. */
  family: 'dynamics' | 'microsoft_365' | 'other';
  /** A retired product cannot be claimed. */
  state: 'active' | 'retired';
}

export interface Clocks {
  reviewStartBusinessDays: number;
  reviewDecisionBusinessDays: number;
  answerBusinessDays: number;
  consentWindow: { days: number; unit: ConsentWindowUnit };
  disputeCalendarDays: number;
  disputeAnswerBusinessDays: number;
  /** How long the holder of a target has to answer a rival's claim. */
  hearingBusinessDays: number;
  coolDownCalendarDays: number;
  /** Calendar days before the end of an association at which the parties are notified, largest first. */
  expiryNoticeDays: number[];
}

/** `second` is for benchmarks, in sandbox mode only. */
export type ConsentWindowUnit = 'business_day' | 'calendar_day' | 'second';

export interface EvidenceRules {
  maximumBytes: number;
  types: EvidenceType[];
  /** Maximum age of the signature at submission. */
  signatureMaximumAgeMonths: number;
  /** Whether the evidence must be one of the programme's statement templates. */
  isTemplateRequired: boolean;
  /** What the customer sees of the evidence: file names and signature date, or the files as well. */
  customerSees: 'names' | 'full';
}

export type EvidenceType = 'pdf' | 'docx' | 'xlsx' | 'pptx' | 'png' | 'jpeg' | 'csv';

export interface Reason {
  code: string;
  label: Text;
}

export interface RejectionReason extends Reason {
  /** `reviewer`: in a decision. `system`: when a clock or the customer ends the line. */
  givenBy: 'reviewer' | 'system';
}

/** What a partner can read of the usage of its associations. */
export interface UsageRules {
  /** Counts below this are hidden; null shows all. */
  suppressBelow: number | null;
  /** Whether the month before the association is shown as a baseline. */
  hasBaselineMonth: boolean;
  /** What usage remains readable after the association ends. */
  afterEnd: 'nothing' | 'months_of_tenure';
  /** Columns that only executive viewers see; revenue and personal data must be among them. */
  executiveColumns: string[];
}

/** A statement of work that the vendor has pre-approved, identified by the hash of its blank file. */
export interface StatementTemplate {
  code: string;
  title: Text;
  /** SHA-256 of the blank file, in lower-case hexadecimal digits. */
  sha256: string;
  /** Fields of the filled form that must match the claim. */
  fields: StatementField[];
  /** A retired template cannot be used for new claims. */
  state: 'active' | 'retired';
}

export type StatementField = 'tenantId' | 'domain' | 'products' | 'activities' | 'signedOn';

/** A rule that approves a claim without a reviewer if every condition is met. */
export interface AutomaticApproval {
  code: string;
  areas: string[];
  activities: string[];
  /** Products that the rule applies to; null for all products of its areas. */
  products: string[] | null;
  /** Statement template that the evidence must use; null for any evidence. */
  template: string | null;
  /** Maximum number of lines on the claim; null for no limit. */
  maximumLines: number | null;
}

/** Returns the entry of an activity for an area, or undefined if the area does not offer it. */
export const activityIn = (policy: Policy, area: string, code: string): Activity | undefined =>
  policy.activities.find((activity) => activity.code === code && activity.areas.includes(area));
