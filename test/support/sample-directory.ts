/** Partners of the sample directory (`libs/sample-data`). */
export const evergreen = { accountId: '52ae3f06-3584-4ea8-a1be-f5d3bd9dd94c', partnerId: '1240371' };
/** Evergreen's other location. */
export const evergreenAustin = { accountId: evergreen.accountId, partnerId: '1240388' };
export const ironbridge = { accountId: 'a63c88ce-01ab-4367-a328-6ec63a60f30b', partnerId: '48213' };

/** Customers of the sample directory. */
export const northwind = { tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a', domain: 'northwind-traders.example' };
export const blueHeron = { tenantId: 'bf77df2a-6a8b-4c50-bd40-fa4a2e73527e', domain: 'blueheron-logistics.example' };
