/** Targets as associations name them: `workload:<tenant>:<product>` or `subscription:<id>`, perhaps with `#<activity>` behind. */
export const workloadTarget = (tenantId: string, product: string): string => `workload:${tenantId}:${product}`;

export const subscriptionTarget = (subscriptionId: string): string => `subscription:${subscriptionId}`;

/** SQL for what is used, whatever activity an association holds it for: usage is counted by workload or subscription alone. */
export const usedTarget = (column: string): string => `split_part(${column}, '#', 1)`;

/** SQL for the subscription of a target. */
export const subscriptionOf = (column: string): string => `nullif(split_part(${usedTarget(column)}, 'subscription:', 2), '')`;
