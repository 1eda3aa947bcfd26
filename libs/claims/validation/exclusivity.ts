import type { LineDetails } from '../details.js';
import { isBefore, latestOf } from '../instants.js';
import { targetOf } from '../state.js';
import { claimedLines, eachLine, faultIf, type Rule, rule, type Subject } from './rule.js';

const targetIn = (subject: Subject, line: LineDetails): string => targetOf(subject.details, line, subject.policy.exclusivityKey);
const unitField = (line: LineDetails): string => (line.subscriptionId === null ? 'product' : 'subscriptionId');

/** Another partner holds the target; which one is not said (D7). */
function heldByOthers(subject: Subject, unit: 'workload' | 'subscription', message: string) {
  return eachLine(subject, (line) => {
    const target = targetIn(subject, line);
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
      const target = targetIn(subject, line);
      const isOwn = subject.holders.some(
        (holder) =>
          holder.target === target &&
          holder.partnerAccountId === subject.partnerAccountId &&
          holder.activities.some((activity) => line.activities.includes(activity)),
      );
      if (isOwn) return { field: 'product', message: 'Your company is the partner of record here already.' };
      const first = claimedLines(subject).find((other) => targetIn(subject, other) === target);
      return first === line ? null : { field: 'product', message: `Line ${first?.line} claims the same already.` };
    }),
  ),
  rule('activity_combination', 'error', ['save', 'submit'], (subject) =>
    eachLine(subject, (line) =>
      subject.policy.exclusivityKey === 'target' || line.activities.length <= 1
        ? null
        : { field: 'activities', message: 'This programme counts each activity for itself. Put each on a line of its own.' },
    ),
  ),
  rule('claim_cooldown', 'error', ['submit'], (subject) =>
    eachLine(subject, (line) => {
      // Refused more than once, it waits for the last.
      const refused = subject.coolDowns.filter(({ target }) => target === targetIn(subject, line)).map(({ until }) => until);
      const until = latestOf(refused);
      if (until === undefined || isBefore(until, subject.now)) return null;
      return { field: unitField(line), message: `The customer refused your company here. A new claim is possible after ${until}.` };
    }),
  ),
  // Also what was pending when the block came: the customer's silence no longer accepts this partner.
  rule('partner_blocked', 'error', ['submit', 'approve', 'official'], ({ isBlocked }) =>
    faultIf(isBlocked, 'tenantId', 'The customer has blocked claims of this company. Only the customer can lift the block.'),
  ),
];
