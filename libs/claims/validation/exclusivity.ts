import { targetOf } from '../state.js';
import { claimedLines, eachLine, type Rule, rule, type Subject } from './rule.js';

/** Another partner holds the target; which one is not said (D7). */
function heldByOthers(subject: Subject, unit: 'workload' | 'subscription', message: string) {
  return eachLine(subject, (line) => {
    const target = targetOf(subject.details, line);
    const isHeld = subject.holders.some((holder) => holder.target === target && holder.partnerAccountId !== subject.partnerAccountId);
    return isHeld && target.startsWith(unit) ? { field: unit === 'workload' ? 'product' : 'subscriptionId', message } : null;
  });
}

const rivalMessage = 'Another partner is the partner of record here. You may go on; the vendor will decide between the claims.';
const takenMessage = 'Another partner holds this by now, so it cannot become official.';

export const exclusivityRules: Rule[] = [
  rule('workload_already_claimed', 'warning', ['save', 'submit'], (subject) => heldByOthers(subject, 'workload', rivalMessage)),
  rule('subscription_already_claimed', 'warning', ['save', 'submit'], (subject) => heldByOthers(subject, 'subscription', rivalMessage)),
  rule('workload_already_claimed', 'error', ['official'], (subject) => heldByOthers(subject, 'workload', takenMessage)),
  rule('subscription_already_claimed', 'error', ['official'], (subject) => heldByOthers(subject, 'subscription', takenMessage)),
  rule('duplicate_own', 'error', ['save', 'submit', 'official'], (subject) =>
    eachLine(subject, (line) => {
      const target = targetOf(subject.details, line);
      const isOwn = subject.holders.some(
        (holder) =>
          holder.target === target &&
          holder.partnerAccountId === subject.partnerAccountId &&
          holder.activities.some((activity) => line.activities.includes(activity)),
      );
      if (isOwn) return { field: 'product', message: 'Your company is the partner of record here already.' };
      const first = claimedLines(subject).find((other) => targetOf(subject.details, other) === target);
      return first === line ? null : { field: 'product', message: `Line ${first?.line} claims the same already.` };
    }),
  ),
  // Domain 17 lets another activity extend the association; until it does, a second one must not be tried.
  rule('duplicate_own', 'error', ['official'], (subject) =>
    eachLine(subject, (line) => {
      const target = targetOf(subject.details, line);
      const own = subject.holders.filter((holder) => holder.target === target && holder.partnerAccountId === subject.partnerAccountId);
      const isSame = own.some((holder) => holder.activities.some((activity) => line.activities.includes(activity)));
      if (own.length === 0 || isSame) return null;
      return { field: 'product', message: 'Your company is the partner of record here already, for another activity.' };
    }),
  ),
];
