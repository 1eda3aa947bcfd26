import type { ClaimListsListData } from '@cpor/client';

/** Options that choose claims. */
export const filterOptions = {
  phase: { type: 'string', multiple: true, value: 'PHASE', about: 'only claims in this phase, such as draft or consent_pending' },
  open: { type: 'boolean', about: 'only claims where something is pending' },
  partner: { type: 'string', multiple: true, value: 'PARTNERID', about: 'only claims of this location' },
  tenant: { type: 'string', multiple: true, value: 'ID', about: 'only claims on this tenant' },
  product: { type: 'string', multiple: true, value: 'CODE', about: 'only claims with this product' },
  search: { type: 'string', value: 'TEXT', about: 'only claims in which this text occurs' },
  sort: { type: 'string', value: 'FIELD', about: 'updatedAt, nextDeadline, number and others; -FIELD for the reverse' },
} as const;

type Query = NonNullable<ClaimListsListData['query']>;

export interface Filters {
  phase: string[];
  open: boolean;
  partner: string[];
  tenant: string[];
  product: string[];
  search: string | undefined;
  sort: string | undefined;
}

/** The query of a list. The API refuses what it does not know, and says what it does. */
export function queryOf({ phase, open, partner, tenant, product, search, sort }: Filters): Query {
  const query = {
    ...(phase.length > 0 && { phase }),
    ...(open && { isOpen: true }),
    ...(partner.length > 0 && { partnerId: partner }),
    ...(tenant.length > 0 && { tenantId: tenant }),
    ...(product.length > 0 && { product }),
    ...(search !== undefined && { q: search }),
    ...(sort !== undefined && { sort }),
  };
  return query as Query;
}
