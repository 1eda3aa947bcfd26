import type { DecisionContext } from '../context.js';
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
import type { Rule, Stage, Subject } from './rule.js';
import { statementRules } from './statement.js';
import { subscriptionRules } from './subscriptions.js';

/** Every check of domain 6 that a claim passes on its way, as data: code, severity, stages, and what it looks for. */
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

/** What the rules of a stage find, for the whole claim or for some lines. A submission repeats the checks of saving. */
export function validate(stage: Stage, state: ClaimState, context: DecisionContext, lines?: number[]): Finding[] {
  const stages: Stage[] = stage === 'submit' ? ['save', 'submit'] : [stage];
  const { details, evidence, partnerAccountId } = state;
  const closedLines = linesIn(state, closedPhases).map((line) => line.line);
  const subject: Subject = { ...context, details, evidence, partnerAccountId, closedLines };
  return validationRules
    .filter((rule) => rule.stages.some((one) => stages.includes(one)))
    .flatMap((rule) =>
      rule
        .find(subject)
        .map(({ field, line, message }) => ({ code: rule.code, severity: rule.severity, field, line: line ?? null, message })),
    )
    .filter((finding) => lines === undefined || finding.line === null || lines.includes(finding.line));
}

/** Refuses with every error at once; what is left are warnings and holds. */
export function refuseErrors(findings: Finding[]): Finding[] {
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (errors.length > 0) throw new Refusal(errors);
  return findings;
}
