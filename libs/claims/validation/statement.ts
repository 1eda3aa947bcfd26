import { isBefore, latestDateAt } from '../instants.js';
import { activityOf } from './products.js';
import { claimedLines, faultIf, type Rule, rule } from './rule.js';

const day = 86_400_000;

export const statementRules: Rule[] = [
  rule('claim_name_required', 'error', ['submit'], ({ details }) =>
    faultIf(details.name.trim() === '', 'name', 'Give the claim a name. It is your own label, visible to you and the reviewer.'),
  ),
  rule('acknowledgement_required', 'error', ['submit'], ({ details, policy }) =>
    faultIf(
      details.acknowledgementVersion !== policy.acknowledgement.version,
      'acknowledgementVersion',
      `Accept the programme's acknowledgement: set this field to ${policy.acknowledgement.version}, the version in force.`,
    ),
  ),
  rule('revenue_fields_required', 'error', ['submit'], (subject) => {
    const needed = claimedLines(subject).flatMap((line) =>
      line.activities.flatMap((code) => activityOf(subject, code)?.requiredFields ?? []),
    );
    const missing = [...new Set(needed)].filter((field) => subject.details.revenue?.missingFields.includes(field) ?? true);
    return missing.map((field) => ({ field: `revenue.${field}`, message: 'A revenue association requires this name.' }));
  }),
  rule('late_claim', 'error', ['submit'], ({ details, policy, now, localDate }) => {
    if (policy.lateClaimDays === null) return [];
    const { transactionOn } = details;
    if (transactionOn === null) return [{ field: 'transactionOn', message: 'State when the transaction took place.' }];
    // A date that has not come yet would evade the limit. The place is unknown, as for a signature (R33).
    const latest = latestDateAt(now);
    if (isBefore(latest, transactionOn)) {
      const message = `The transaction is dated ${transactionOn}, but no time zone is past ${latest} yet. Correct the date, or claim after the transaction.`;
      return [{ field: 'transactionOn', message }];
    }
    const age = (Date.parse(localDate(now)) - Date.parse(transactionOn)) / day;
    return faultIf(
      age > policy.lateClaimDays,
      'transactionOn',
      `The transaction is more than ${policy.lateClaimDays} calendar ${policy.lateClaimDays === 1 ? 'day' : 'days'} old.`,
    );
  }),
];
