import { addMonths, isBefore } from '../instants.js';
import { faultIf, type Rule, rule } from './rule.js';

export const evidenceRules: Rule[] = [
  rule('evidence_missing', 'error', ['submit'], ({ evidence }) =>
    faultIf(evidence.length === 0, 'evidence', 'Upload at least one proof of execution, such as the signed statement of work.'),
  ),
  rule('signature_date_required', 'error', ['submit'], ({ evidence }) =>
    faultIf(
      evidence.length > 0 && evidence.every((one) => one.signedOn === null),
      'evidence.signedOn',
      'State on which date the customer signed the evidence.',
    ),
  ),
  rule('evidence_stale', 'error', ['submit'], ({ evidence, now, localDate, policy }) => {
    const months = policy.evidence.signatureMaximumAgeMonths;
    const today = localDate(now);
    const oldest = addMonths(today, -months);
    const dates = evidence.flatMap((one) => (one.signedOn === null ? [] : [one.signedOn]));
    const isUsable = dates.some((signedOn) => !isBefore(signedOn, oldest) && !isBefore(today, signedOn));
    const message = `The customer's signature must be at most ${months} ${months === 1 ? 'month' : 'months'} old, ${oldest} or later, and not in the future.`;
    return faultIf(dates.length > 0 && !isUsable, 'evidence.signedOn', message);
  }),
  rule('evidence_template_required', 'error', ['submit'], ({ evidence, policy }) => {
    const templates = policy.statementTemplates.filter(({ state }) => state === 'active');
    const isOnTemplate = evidence.some(({ cover }) => templates.some(({ sha256 }) => cover?.templateSha256 === sha256));
    const codes = templates.map(({ code }) => code).join(', ');
    const message = `This programme takes its own statements of work only: ${codes}. Name the one that was signed in the cover form.`;
    return faultIf(policy.evidence.isTemplateRequired && evidence.length > 0 && !isOnTemplate, 'evidence.cover.templateSha256', message);
  }),
  rule('evidence_mismatch', 'hold', ['submit'], ({ evidence, details }) => {
    const differs = evidence.some(({ cover }) => {
      if (cover === null) return false;
      const isOtherTenant = cover.tenantId !== null && cover.tenantId !== details.tenantId;
      return isOtherTenant || (cover.domain !== null && details.domain !== null && cover.domain !== details.domain);
    });
    return faultIf(differs, 'evidence', 'The customer named on the evidence differs from the claim.');
  }),
];
