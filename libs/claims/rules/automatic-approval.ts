import { systemActor } from '../actor.js';
import type { DecisionContext } from '../context.js';
import type { ClaimDetails, EvidenceReference } from '../details.js';
import type { DecidedEvent } from '../events.js';
import { evolve } from '../evolve.js';
import type { AutomaticApproval, StatementTemplate } from '../policy.js';
import type { ClaimState, LineState } from '../state.js';
import { competing } from './rivalry.js';
import { approve, beginReview } from './review.js';

/**
 * Approves a submission by the programme's first rule that matches every line. Never approves a contested or held claim, nor a
 * resubmission, because a reviewer has asked about it, nor one with a file in quarantine.
 */
export function approveByRule(before: ClaimState, submitted: DecidedEvent[], context: DecisionContext): DecidedEvent[] {
  const by = { kind: systemActor.kind, subject: systemActor.subject };
  const state = submitted.reduce((current, decided) => evolve(current, { by, ...decided }), before);
  const lines = state.lines.filter(({ phase }) => phase === 'submitted');
  const isClean = !state.findings.some(({ severity }) => severity === 'hold') && competing(state, lines, context).length === 0;
  if (state.evidence.some(({ quarantine }) => quarantine !== undefined)) return [];
  if (!isClean || state.submission > 1) return [];
  const rule = context.policy.automaticApprovals.find((candidate) => fits(candidate, state, lines, context));
  if (rule === undefined) return [];
  const begun = beginReview(state, lines, context);
  const approved = approve(state, lines, {}, context).map((decided) =>
    decided.type === 'LinesApproved' ? { ...decided, data: { ...decided.data, rule: rule.code } } : decided,
  );
  return [...begun, ...approved].map((decided) => ({ ...decided, by }));
}

function fits(rule: AutomaticApproval, { details, evidence }: ClaimState, lines: LineState[], context: DecisionContext): boolean {
  const template = context.policy.statementTemplates.find(({ code, state }) => code === rule.template && state === 'active');
  return (
    rule.areas.includes(details.area) &&
    lines.length <= (rule.maximumLines ?? Number.POSITIVE_INFINITY) &&
    lines.every((line) => line.activities.every((activity) => rule.activities.includes(activity))) &&
    lines.every((line) => rule.products?.includes(line.product) ?? true) &&
    (rule.template === null || (template !== undefined && evidence.some((document) => isOnTemplate(document, template, details, lines))))
  );
}

/** Whether the cover form names this template as the signed one and matches the claim. */
function isOnTemplate(
  { cover, signedOn }: EvidenceReference,
  template: StatementTemplate,
  details: ClaimDetails,
  lines: LineState[],
): boolean {
  if (cover?.templateSha256 !== template.sha256) return false;
  const covers = (stated: string[] | undefined, claimed: string[]) => claimed.every((code) => stated?.includes(code));
  const matches: Record<StatementTemplate['fields'][number], () => boolean> = {
    tenantId: () => cover.tenantId === details.tenantId,
    domain: () => cover.domain !== null && cover.domain === details.domain,
    products: () =>
      covers(
        cover.products,
        lines.map(({ product }) => product),
      ),
    activities: () =>
      covers(
        cover.activities,
        lines.flatMap(({ activities }) => activities),
      ),
    signedOn: () => signedOn !== null,
  };
  return template.fields.every((field) => matches[field]());
}
