import type { LineState } from '#libs/claims/index.js';
import type { Policy } from '#libs/programmes/index.js';
import type { Language } from './notice-view.js';

/**
 * Selects what the directory last said of a claim's tenant, preferring an answer that also names the partner's location. `until` is an SQL
 * expression of an instant: answers after it are left out, so that what was written then keeps the names of then.
 */
export const latestFactsSql = (claimId: string, until = "'infinity'"): string => `
  (SELECT facts FROM directory_answers d
    WHERE d.claim_id = ${claimId} AND d.asked_at <= ${until} AND jsonb_typeof(facts -> 'tenant') = 'object'
    ORDER BY jsonb_typeof(facts -> 'location') = 'object' DESC, d.asked_at DESC LIMIT 1)`;

/** Names a line's target: the product's label, followed by the subscription's ID where the target is a subscription. */
export function targetLabel(line: Pick<LineState, 'product' | 'subscriptionId'>, policy: Policy, language: Language): string {
  const label = policy.products.find((product) => product.code === line.product)?.label[language] ?? line.product;
  return line.subscriptionId === null ? label : `${label} (${line.subscriptionId})`;
}
