import type { DecisionContext } from '../context.js';
import type { ClaimDetails, ContactReference, EvidenceReference, LineDetails } from '../details.js';
import type { Finding } from '../findings.js';
import { initialState, targetOf } from '../state.js';
import type { Stage, Subject } from './rule.js';
import { findings, validationRules } from './validate.js';

/** Asks whether a partner could claim for a tenant, before any claim exists. */
export interface EligibilityQuestion {
  programme: string;
  partnerAccountId: string;
  partnerId: string;
  tenantId: string;
  /** By default all of the programme's areas. */
  area?: string | undefined;
  activity?: string | undefined;
}

/** Why something cannot be claimed, or a warning about it, in the codes and texts of a submission. */
export type EligibilityFinding = Pick<Finding, 'code' | 'severity' | 'message'> & { field: string | null };

export interface Eligibility {
  areas: AreaEligibility[];
  /** The location in question, then its siblings. */
  locations: { partnerId: string; area: string; isPossible: boolean; findings: EligibilityFinding[] }[];
}

export interface AreaEligibility {
  area: string;
  isPossible: boolean;
  /** Findings about every claim of this location for this tenant in the area. */
  findings: EligibilityFinding[];
  choices: Choice[];
}

/** A product or subscription that a line could name. */
export interface Choice {
  product: string;
  subscriptionId: string | null;
  isPossible: boolean;
  /** Whether it can be claimed and nobody holds it. */
  isUnclaimed: boolean;
  activities: string[];
  /** Each with the activities that it concerns; null for all in question. */
  findings: (EligibilityFinding & { activities: string[] | null })[];
}

const stages: Stage[] = ['save', 'submit'];

/** Returns the targets whose holders must be known for the answer. */
export function eligibilityTargets(question: EligibilityQuestion, context: DecisionContext): string[] {
  const lines = areasOf(question, context).flatMap((area) => choicesIn(question, context, area.code));
  return lines.flatMap((line) => targetsOf(question, context, line));
}

/** Returns the targets that a choice could claim: one per activity if the programme treats activities separately. */
const targetsOf = ({ tenantId }: EligibilityQuestion, { policy: { activities, exclusivityKey } }: DecisionContext, line: LineDetails) => [
  ...new Set(activities.map(({ code }) => targetOf({ tenantId }, { ...line, activities: [code] }, exclusivityKey))),
];

/** Checks every claim that the location could make by the rules of saving and submission, one choice and activity at a time. */
export function eligibilityOf(question: EligibilityQuestion, context: DecisionContext): Eligibility {
  const areas = areasOf(question, context).map((area) => areaEligibility(question, context, area.code));
  return { areas, locations: locationsOf(question, context, areas) };
}

const areasOf = ({ area }: EligibilityQuestion, { policy }: DecisionContext) =>
  policy.areas.filter(({ code }) => area === undefined || code === area);

function areaEligibility(question: EligibilityQuestion, context: DecisionContext, area: string): AreaEligibility {
  const all = choicesIn(question, context, area).map((line) => ({ line, tries: triesOf(question, context, area, line) }));
  const ofClaim = distinct(findingsOf(question, context, area, []));
  const isPossible = ofClaim.every(({ severity }) => severity !== 'error');
  const choices = isOwn(question, context) ? all.map(({ line, tries }) => choiceOf(question, context, line, tries, isPossible)) : [];
  return { area, isPossible: isPossible && choices.some((choice) => choice.isPossible), findings: ofClaim.map(shown), choices };
}

interface Try {
  activity: string;
  findings: Finding[];
}

function triesOf(question: EligibilityQuestion, context: DecisionContext, area: string, line: LineDetails): Try[] {
  const offered = context.policy.areas.find(({ code }) => code === area)?.activities ?? [];
  const asked = question.activity === undefined ? offered : [question.activity];
  return asked.map((activity) => ({ activity, findings: findingsOf(question, context, area, [{ ...line, activities: [activity] }]) }));
}

function choiceOf(
  question: EligibilityQuestion,
  context: DecisionContext,
  line: LineDetails,
  tries: Try[],
  isAreaPossible: boolean,
): Choice {
  const ofLine = tries.map(({ activity, findings }) => ({ activity, findings: findings.filter(({ line }) => line !== null) }));
  const possible = isAreaPossible ? ofLine.filter(({ findings }) => findings.every(({ severity }) => severity !== 'error')) : [];
  const targets = targetsOf(question, context, line);
  const isPossible = possible.length > 0;
  const findings = distinct(ofLine.flatMap((tried) => tried.findings)).map((finding) => {
    const activities = ofLine.filter((tried) => tried.findings.some((other) => isSame(other, finding))).map(({ activity }) => activity);
    return { ...shown(finding), activities: activities.length === tries.length ? null : activities };
  });
  return {
    product: line.product,
    subscriptionId: line.subscriptionId,
    isPossible,
    isUnclaimed: isPossible && context.holders.every((holder) => !targets.includes(holder.target)),
    activities: possible.map(({ activity }) => activity),
    findings,
  };
}

/** Returns the area's products; in an area of subscriptions, each subscription of the tenant and the products without one. */
function choicesIn({ tenantId }: EligibilityQuestion, { policy, facts }: DecisionContext, area: string): LineDetails[] {
  const line = (product: string, subscriptionId: string | null = null) => ({ line: 1, product, subscriptionId, activities: [] });
  const products = policy.products.filter((product) => product.area === area && product.state === 'active').map(({ code }) => code);
  if (facts?.tenant?.tenantId !== tenantId) return [];
  if (policy.areas.find(({ code }) => code === area)?.unit === 'workload') return products.map((product) => line(product));
  const { subscriptions } = facts.tenant;
  const bought = subscriptions.map(({ product, subscriptionId }) => line(product, subscriptionId));
  return [...bought, ...products.filter((product) => bought.every((choice) => choice.product !== product)).map((product) => line(product))];
}

/** A location of another company must learn nothing about the tenant. */
const isOwn = ({ partnerAccountId }: EligibilityQuestion, { facts }: DecisionContext): boolean =>
  facts?.location?.globalAccountId === partnerAccountId;

function findingsOf(question: EligibilityQuestion, context: DecisionContext, area: string, lines: LineDetails[]): Finding[] {
  const subject: Subject = {
    ...context,
    details: { ...detailsOf(question, context), area, lines },
    evidence: [evidenceOf(context)],
    partnerAccountId: question.partnerAccountId,
    closedLines: [],
  };
  return findings(
    validationRules.filter((rule) => rule.code !== 'products_required' && rule.stages.some((stage) => stages.includes(stage))),
    subject,
  );
}

/** Returns details that state everything required, so that the rules find only faults that the partner cannot correct in the claim. */
function detailsOf({ programme, partnerId, tenantId }: EligibilityQuestion, context: DecisionContext): ClaimDetails {
  const { facts, policy, now, localDate } = context;
  const [domain] = facts?.tenant?.domains ?? [];
  const person: ContactReference = { personId: '', emailDomain: domain ?? '', missingFields: [] };
  return {
    ...initialState.details,
    programme,
    name: 'eligibility',
    partnerId,
    tenantId,
    domain: domain ?? 'unknown.example',
    contacts: { customer: person, partner: person, technical: person },
    revenue: { personId: '', missingFields: [] },
    acknowledgementVersion: policy.acknowledgement.version,
    transactionOn: localDate(now),
  };
}

/** Returns evidence signed today on a statement of work of the programme. */
const evidenceOf = ({ now, localDate, policy }: DecisionContext): EvidenceReference => ({
  evidenceId: '',
  sha256: '',
  signedOn: localDate(now),
  cover: { tenantId: null, domain: null, templateSha256: policy.statementTemplates.find(({ state }) => state === 'active')?.sha256 },
});

/** Returns for each location of the company whether it could claim in an area; of siblings only the enrolment is known. */
function locationsOf(question: EligibilityQuestion, context: DecisionContext, areas: AreaEligibility[]): Eligibility['locations'] {
  const { location } = context.facts ?? {};
  if (!location || !isOwn(question, context)) return [];
  const ofLocation = ({ field }: Pick<EligibilityFinding, 'field'>) => field === 'partnerId';
  const own = areas.map(({ area, findings }) => ({ partnerId: location.partnerId, area, findings: findings.filter(ofLocation) }));
  const others = location.siblings.flatMap((sibling) => {
    const siblings = [location, ...location.siblings].filter(({ partnerId }) => partnerId !== sibling.partnerId);
    const facts = { ...context.facts!, location: { ...location, ...sibling, type: 'standard', isProfileComplete: true, siblings } };
    return areas.map(({ area }) => {
      const all = findingsOf({ ...question, partnerId: sibling.partnerId }, { ...context, facts }, area, []);
      return { partnerId: sibling.partnerId, area, findings: distinct(all).map(shown).filter(ofLocation) };
    });
  });
  return [...own, ...others].map((answer) => ({ ...answer, isPossible: answer.findings.every(({ severity }) => severity !== 'error') }));
}

const isSame = (a: Finding, b: Finding): boolean => a.code === b.code && a.message === b.message;

const distinct = (findings: Finding[]): Finding[] =>
  findings.filter((finding, index) => findings.findIndex((other) => isSame(other, finding)) === index);

/** Names a field without its line, because there is no claim with lines yet. */
const shown = ({ code, severity, field, message }: Finding): EligibilityFinding => ({
  code,
  severity,
  field: field?.replace(/^lines\[\d+\]\./, '') ?? null,
  message,
});
