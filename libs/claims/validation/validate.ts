import type { CheckContext } from '../context.js';
import { type Finding, Refusal } from '../findings.js';
import { closedPhases } from '../phases.js';
import { type ClaimState, linesIn } from '../state.js';
import { contactRules } from './contacts.js';
import { customerRules } from './customer.js';
import { directoryRules } from './directory.js';
import { evidenceRules } from './evidence.js';
import { exclusivityRules } from './exclusivity.js';
import { locationRules } from './location.js';
import { productRules } from './products.js';
import type { Rule, Stage, Statement, Subject } from './rule.js';
import { statementRules } from './statement.js';
import { subscriptionRules } from './subscriptions.js';

/** Every check of a claim (domain.md 6) as data: code, severity, stages and a function that finds faults. */
export const validationRules: Rule[] = [
  ...statementRules,
  ...customerRules,
  ...locationRules,
  ...directoryRules,
  ...productRules,
  ...subscriptionRules,
  ...exclusivityRules,
  ...contactRules,
  ...evidenceRules,
];

/** Returns the findings of a stage, for the whole claim and for the given lines. A submission repeats the checks of saving. */
export function validate(stage: Stage, state: Statement & Pick<ClaimState, 'lines'>, context: CheckContext, lines?: number[]): Finding[] {
  const stages: Stage[] = stage === 'submit' ? ['save', 'submit'] : [stage];
  const closedLines = linesIn(state, closedPhases).map((line) => line.line);
  return findings(
    validationRules.filter((rule) => rule.stages.some((stage) => stages.includes(stage))),
    { ...context, ...subjectOf(state), closedLines },
  ).filter((finding) => lines === undefined || finding.line === null || lines.includes(finding.line));
}

/** Returns the findings that bar the company from the targets of lines that are not open, or not open yet. */
export function barsOf(state: ClaimState, context: CheckContext, lines: number[]): Finding[] {
  const closedLines = state.details.lines.map(({ line }) => line).filter((line) => !lines.includes(line));
  return findings(
    exclusivityRules.filter(({ code, stages }) => bars.includes(code) && stages.includes('approve')),
    { ...context, ...subjectOf(state), closedLines },
  );
}

const bars = ['duplicate_own', 'claim_cooldown', 'partner_blocked'];

const subjectOf = ({ details, evidence, partnerAccountId }: Statement): Statement => ({ details, evidence, partnerAccountId });

/** Returns the findings of rules. A warning is dropped when the same fault is an error too. */
export function findings(rules: Rule[], subject: Subject): Finding[] {
  const found = rules.flatMap((rule) =>
    rule.find(subject).map(({ field, line, message }): Finding => {
      const { code, severity } = rule;
      return { code, severity, field, line: line ?? null, message };
    }),
  );
  const isAlsoError = ({ code, field, line }: Finding) =>
    found.some((other) => other.severity === 'error' && other.code === code && other.field === field && other.line === line);
  return found.filter((finding) => finding.severity !== 'warning' || !isAlsoError(finding));
}

/** Refuses with all errors at once; returns warnings and holds. */
export function refuseErrors(findings: Finding[]): Finding[] {
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (errors.length > 0) throw new Refusal(errors);
  return findings;
}
