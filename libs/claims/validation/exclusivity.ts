import type { LineDetails } from '../details.js';
import { isBefore, latestOf } from '../instants.js';
import { targetOf } from '../state.js';
import { claimedLines, eachLine, faultIf, type Rule, rule, type Subject } from './rule.js';

const targetIn = (subject: Subject, line: LineDetails): string => targetOf(subject.details, line, subject.policy.exclusivityKey);
const unitField = (line: LineDetails): string => (line.subscriptionId === null ? 'product' : 'subscriptionId');

/** Another partner holds the target; the message does not say which (D7). */
function heldByOthers(subject: Subject, unit: 'workload' | 'subscription', message: string) {
  return eachLine(subject, (line) => {
    const target = targetIn(subject, line);
    const isHeld = subject.holders.some((holder) => holder.target === target && holder.partnerAccountId !== subject.partnerAccountId);
    return isHeld && target.startsWith(unit) ? { field: unit === 'workload' ? 'product' : 'subscriptionId', message } : null;
  });
}

const isSame = (other: { target: string; activities: string[] }, target: string, line: LineDetails): boolean =>
  other.target === target && other.activities.some((activity) => line.activities.includes(activity));

/** The company already has an undecided claim on the same target, held and disputed claims included (R29). */
const openElsewhere = (subject: Subject, advice: string) =>
  eachLine(subject, (line) => {
    const isOpen = subject.own.some((other) => isSame(other, targetIn(subject, line), line));
    return isOpen ? { field: 'product', message: `Your company already has an open claim for this. ${advice}` } : null;
  });

/** After several refusals the latest cool-down counts. */
const coolingDown = (subject: Subject, refusals: Subject['refusals']) =>
  eachLine(subject, (line) => {
    const ends = refusals.flatMap(({ target, until }) => (until !== null && target === targetIn(subject, line) ? [until] : []));
    const last = latestOf(ends);
    if (last === undefined || isBefore(last, subject.now)) return null;
    return { field: unitField(line), message: `The customer refused your company here. You can claim again after ${last}.` };
  });

const rivalMessage = 'Another partner is the partner of record here. You may proceed; the vendor will decide between the claims.';
const takenMessage = 'Another partner holds this now, so it cannot become official.';

export const exclusivityRules: Rule[] = [
  rule('workload_already_claimed', 'warning', ['save', 'submit'], (subject) => heldByOthers(subject, 'workload', rivalMessage)),
  rule('subscription_already_claimed', 'warning', ['save', 'submit'], (subject) => heldByOthers(subject, 'subscription', rivalMessage)),
  rule('workload_already_claimed', 'error', ['official'], (subject) => heldByOthers(subject, 'workload', takenMessage)),
  rule('subscription_already_claimed', 'error', ['official'], (subject) => heldByOthers(subject, 'subscription', takenMessage)),
  // A draft may be prepared while another claim is about to be withdrawn.
  rule('duplicate_own', 'error', ['submit', 'approve'], (subject) =>
    openElsewhere(subject, 'Withdraw one of the two, or wait until the other is decided.'),
  ),
  rule('duplicate_own', 'warning', ['save'], (subject) => openElsewhere(subject, 'You can submit this one once the other is decided.')),
  rule('duplicate_own', 'error', ['save', 'submit', 'approve', 'official'], (subject) =>
    eachLine(subject, (line) => {
      const target = targetIn(subject, line);
      const isOwn = subject.holders.some((holder) => holder.partnerAccountId === subject.partnerAccountId && isSame(holder, target, line));
      if (isOwn) return { field: 'product', message: 'Your company is already the partner of record here.' };
      const first = claimedLines(subject).find((other) => targetIn(subject, other) === target);
      return first === line ? null : { field: 'product', message: `Line ${first?.line} already claims this.` };
    }),
  ),
  rule('activity_combination', 'error', ['save', 'submit'], (subject) =>
    eachLine(subject, (line) =>
      subject.policy.exclusivityKey === 'target' || line.activities.length <= 1
        ? null
        : { field: 'activities', message: 'This programme treats each activity separately. Put each on its own line.' },
    ),
  ),
  rule('claim_cooldown', 'error', ['submit', 'approve'], (subject) => coolingDown(subject, subject.refusals)),
  // A line accepted before the customer's refusal is not held because of it, however late it is processed.
  rule('claim_cooldown', 'error', ['official'], (subject) =>
    coolingDown(
      subject,
      subject.refusals.filter(({ at }) => !isBefore(subject.now, at)),
    ),
  ),
  // Lines pending when the block came are included: the customer's silence no longer accepts this partner.
  rule('partner_blocked', 'error', ['submit', 'approve', 'official'], ({ isBlocked }) =>
    faultIf(isBlocked, 'tenantId', 'The customer has blocked claims of this company. Only the customer can lift the block.'),
  ),
];
