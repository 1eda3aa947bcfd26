/** The product's code of a workload, the id of a subscription: what tells targets of one customer apart. */
export const targetCode = (target: string): string => target.split(':').at(-1) ?? target;
