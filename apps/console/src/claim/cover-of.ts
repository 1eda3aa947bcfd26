import type { Claim } from '../client/index.js';
import type { ClaimCover } from '../evidence-upload/index.js';

/** What the claim says about itself, recorded with a standard document. */
export const coverOf = ({ tenantId, domain, lines }: Pick<Claim, 'tenantId' | 'domain' | 'lines'>): ClaimCover => ({
  coverTenantId: tenantId,
  ...(domain !== null && { coverDomain: domain }),
  coverProducts: [...new Set(lines.map(({ product }) => product))].join(','),
  coverActivities: [...new Set(lines.flatMap(({ activities }) => activities))].join(','),
});
