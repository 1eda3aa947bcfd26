import type { CheckContext } from '../context.js';
import type { ClaimDetails, LineDetails } from '../details.js';
import type { DirectoryFacts, IdentifierFacts, SubscriptionFacts } from '../facts.js';
import { addDays, isBefore } from '../instants.js';
import type { ExclusivityKey } from '../policy.js';
import { type ClaimState, targetOf } from '../state.js';
import { unusableSubscription } from './directory.js';
import { areaOf } from './products.js';
import { eachLine, isGuid, malformed, type Rule, rule, type Subject } from './rule.js';

/** Purchases that count for Business Applications (domain.md 2.4). */
const allowedChannels = ['volume_licensing', 'web_direct'];
const usableStates = ['active', 'in_grace'];

type Known = Pick<CheckContext, 'policy' | 'facts'>;

/** Returns every target of a claim with these details, including those of subscriptions that its submission fills in. */
export function claimedTargets(details: ClaimDetails, known: Known, key: ExclusivityKey): string[] {
  const filled = fillSubscriptions(
    details,
    known,
    details.lines.map(({ line }) => line),
  );
  return [...new Set([...details.lines, ...filled.lines].map((line) => targetOf(details, line, key)))];
}

/** Returns the targets to which a claim's associations carry over: subscriptions renewed under another ID. */
export function renewedTargets({ details, lines, exclusivityKey }: ClaimState, { facts }: Known): string[] {
  const official = lines.filter(({ phase, subscriptionId }) => phase === 'official' && subscriptionId !== null);
  return official.flatMap((line) => {
    const subscriptionId = successorOf(facts, line.subscriptionId!);
    return subscriptionId === null ? [] : [targetOf(details, { ...line, subscriptionId }, exclusivityKey)];
  });
}

/** Returns the directory's record of a subscription of the claim. */
export function knownSubscription(facts: DirectoryFacts | null, id: string): SubscriptionFacts | null {
  const named = facts?.identifiers[id];
  const ofTenant = facts?.tenant?.subscriptions.find(({ subscriptionId }) => subscriptionId === id);
  return ofTenant ?? (named?.kind === 'subscription' ? named.subscription : null);
}

const successorOf = (facts: DirectoryFacts | null, id: string): string | null => knownSubscription(facts, id)?.successorId ?? null;

/** Fills in the subscription of each named line for which exactly one is eligible (D10). */
export function fillSubscriptions(details: ClaimDetails, context: Known, numbers: number[]) {
  const unit = context.policy.areas.find((area) => area.code === details.area)?.unit;
  const filled: { line: number; subscriptionId: string }[] = [];
  const lines = details.lines.map((line) => {
    const isClear = unusableSubscription(context.facts, null, line.product) === undefined;
    const isUnnamed = unit === 'subscription' && line.subscriptionId === null && numbers.includes(line.line) && isClear;
    const [only, another] = isUnnamed ? eligible(line, context) : [];
    if (only === undefined || another !== undefined) return line;
    filled.push({ line: line.line, subscriptionId: only.subscriptionId });
    return { ...line, subscriptionId: only.subscriptionId };
  });
  return { lines, filled };
}

function eligible(line: LineDetails, context: Pick<CheckContext, 'facts'>): SubscriptionFacts[] {
  return subscriptionsOf(context, line).filter((subscription) => allowedChannels.includes(subscription.channel) && isUsable(subscription));
}

/** Returns what an identifier stands for. A filled-in subscription was never looked up, so it is taken from the tenant's. */
function identified({ facts }: Subject, subscriptionId: string, product: string): IdentifierFacts | null {
  if (facts === null) return null;
  const subscription = facts.tenant?.subscriptions.find((candidate) => candidate.subscriptionId === subscriptionId);
  if (!subscription && unusableSubscription(facts, subscriptionId, product) !== undefined) return null;
  return facts.identifiers[subscriptionId] ?? (subscription ? { kind: 'subscription', subscription } : { kind: 'unknown' });
}

const subscriptionsOf = ({ facts }: Pick<CheckContext, 'facts'>, line: LineDetails) =>
  (facts?.tenant?.subscriptions ?? []).filter(({ product }) => product === line.product);

/** Returns the subscription that a line names or, if it names none, the tenant's only one of the product. */
function meant(subject: Subject, line: LineDetails): SubscriptionFacts | null {
  if (line.subscriptionId !== null) {
    const named = identified(subject, line.subscriptionId, line.product);
    return named?.kind === 'subscription' ? named.subscription : null;
  }
  const [only, another] = areaOf(subject)?.unit === 'subscription' ? subscriptionsOf(subject, line) : [];
  return another === undefined ? (only ?? null) : null;
}

/** Checks the subscription of each line, once the directory has identified it. */
function eachMeant(subject: Subject, find: (subscription: SubscriptionFacts, line: LineDetails) => string | null) {
  return eachLine(subject, (line) => {
    const subscription = meant(subject, line);
    const message = subscription && find(subscription, line);
    return message === null ? null : { field: 'subscriptionId', message };
  });
}

const isOfTenant = ({ details }: Subject, { tenantId }: SubscriptionFacts) => tenantId === details.tenantId;

/** The same, only for subscriptions of the claim's tenant: nothing is revealed about those of another. */
const eachSubscription: typeof eachMeant = (subject, find) =>
  eachMeant(subject, (subscription, line) => (isOfTenant(subject, subscription) ? find(subscription, line) : null));

const isUsable = ({ state }: SubscriptionFacts) => usableStates.includes(state);
const unusable = ({ state }: SubscriptionFacts) => `The subscription is ${stateWords[state]}; it must be active or in its grace period.`;
const stateWords: Record<SubscriptionFacts['state'], string> = {
  not_provisioned: 'not active yet',
  active: 'active',
  in_grace: 'in its grace period',
  suspended: 'suspended',
  expired: 'expired',
};

const familyWords: Record<string, string> = { dynamics: 'Dynamics 365', microsoft_365: 'Microsoft 365', other: 'another family' };

/** Days after provisioning within which a subscription may not be visible yet (K11). */
const visibleWithinDays = 7;

function notProvisioned({ now, localDate }: Subject, { provisionedOn }: SubscriptionFacts): string {
  const lag = `It can take up to ${visibleWithinDays} days after provisioning to appear here`;
  if (!provisionedOn) return `The subscription is not active yet. ${lag}; contact the vendor's support if it takes longer.`;
  const visibleOn = addDays(provisionedOn, visibleWithinDays);
  if (!isBefore(visibleOn, localDate(now)))
    return `The subscription is not active yet. ${lag}, that is until ${visibleOn}; try again then.`;
  return `The subscription was provisioned on ${provisionedOn} and is still not active. Contact the vendor's support.`;
}

export const subscriptionRules: Rule[] = [
  rule('not_a_subscription_id', 'error', ['save', 'approve', 'official'], (subject) =>
    eachLine(subject, (line) => {
      if (line.subscriptionId === null) return null;
      const found = identified(subject, line.subscriptionId, line.product);
      const kind = found?.kind ?? 'unknown';
      if (isGuid(line.subscriptionId) && (kind === 'subscription' || found === null)) return null;
      if (!isGuid(line.subscriptionId)) {
        return { field: 'subscriptionId', message: `${malformed(line.subscriptionId, 'GUID')}Use the GUID of the subscription.` };
      }
      const what = kind === 'unknown' ? 'No subscription has this ID' : `This is the ID of ${kind === 'order' ? 'an order' : 'a tenant'}`;
      return { field: 'subscriptionId', message: `${what}. Use the GUID of the subscription.` };
    }),
  ),
  rule('subscription_other_tenant', 'error', ['save', 'submit', 'approve'], (subject) =>
    eachMeant(subject, (subscription) =>
      isOfTenant(subject, subscription) ? null : 'The subscription belongs to another tenant. Check the tenant and the subscription.',
    ),
  ),
  rule('subscription_wrong_family', 'error', ['save'], (subject) => {
    // A workload's target is the tenant: with a subscription it would slip past the workload's holder.
    if (areaOf(subject)?.unit === 'workload') {
      const message = (product: string) => `\`${product}\` is a workload and is claimed for the whole tenant. Leave the subscription out.`;
      return eachLine(subject, (line) =>
        line.subscriptionId === null ? null : { field: 'subscriptionId', message: message(line.product) },
      );
    }
    return eachSubscription(subject, ({ family, product }, line) => {
      const claimed = subject.policy.products.find((candidate) => candidate.code === line.product);
      if (claimed === undefined || areaOf(subject)?.unit !== 'subscription') return null;
      if (family === claimed.family && product === line.product) return null;
      if (product === line.product) {
        return `The directory lists the subscription of \`${product}\` under ${familyWords[family]}, but the programme expects ${familyWords[claimed.family] ?? claimed.family}. Ask the vendor which is correct.`;
      }
      return `The subscription is for \`${product}\` (${familyWords[family]}), but the line claims \`${line.product}\`. Name a subscription of \`${line.product}\`, or claim the product this one is for.`;
    });
  }),
  rule('subscription_csp', 'error', ['save'], (subject) =>
    eachSubscription(subject, ({ channel }) => (channel === 'csp' ? 'Subscriptions bought through CSP cannot be claimed.' : null)),
  ),
  rule('channel_not_allowed', 'error', ['save', 'submit'], (subject) =>
    eachSubscription(subject, ({ channel }) =>
      channel === 'csp' || allowedChannels.includes(channel)
        ? null
        : `The subscription was bought through ${channel}; only Volume Licensing and Web Direct count.`,
    ),
  ),
  rule('subscription_not_provisioned', 'error', ['save', 'submit'], (subject) =>
    eachSubscription(subject, (subscription) => (subscription.state === 'not_provisioned' ? notProvisioned(subject, subscription) : null)),
  ),
  rule('subscription_state', 'error', ['submit'], (subject) =>
    // `subscription_not_provisioned` covers this state at this stage and says what to do.
    eachSubscription(subject, (subscription) =>
      isUsable(subscription) || subscription.state === 'not_provisioned' ? null : unusable(subscription),
    ),
  ),
  rule('subscription_state', 'error', ['approve', 'official'], (subject) =>
    eachSubscription(subject, (subscription) => (isUsable(subscription) ? null : unusable(subscription))),
  ),
  rule('subscription_required', 'error', ['submit', 'approve'], (subject) => {
    if (areaOf(subject)?.unit !== 'subscription') return [];
    return eachLine(subject, (line) => {
      if (line.subscriptionId !== null) return null;
      const found = eligible(line, subject);
      if (found.length === 0) return null;
      const ids = found.map(({ subscriptionId }) => subscriptionId).join(', ');
      return { field: 'subscriptionId', message: `Name the subscription you claim, one of: ${ids}.` };
    });
  }),
  rule('product_not_on_tenant', 'error', ['save', 'submit', 'approve'], (subject) => {
    if (areaOf(subject)?.unit !== 'subscription' || !subject.facts?.tenant) return [];
    return eachLine(subject, (line) => {
      if (line.subscriptionId !== null || eligible(line, subject).length > 0) return null;
      const owned = subscriptionsOf(subject, line);
      if (unusableSubscription(subject.facts, null, line.product) !== undefined) return null;
      // A single subscription's fault is reported under its own code.
      if (owned.length === 1) return null;
      const fault = owned.length === 0 ? `no subscription of \`${line.product}\`` : `no eligible subscription of \`${line.product}\``;
      return { field: 'product', message: `The tenant has ${fault}. Ask the customer what it has bought.` };
    });
  }),
];
