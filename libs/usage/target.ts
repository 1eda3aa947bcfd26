/** Targets as associations name them: `workload:<tenant>:<product>` or `subscription:<id>`, with `#<activity>` appended if it is held for one activity. */
export const workloadTarget = (tenantId: string, product: string): string => `workload:${tenantId}:${product}`;

export const subscriptionTarget = (subscriptionId: string): string => `subscription:${subscriptionId}`;

/** SQL of a target without its activity: usage is counted by workload or subscription only. */
export const usedTarget = (column: string): string => `split_part(${column}, '#', 1)`;

/** SQL of the subscription that a target names, or null. */
export const subscriptionOf = (column: string): string => `nullif(split_part(${usedTarget(column)}, 'subscription:', 2), '')`;
