import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { withinScope } from '../within-scope.js';
import { type ClaimSummary, summaryColumns } from './claim-list.js';
import { type ClaimSummaryView, summaryView } from './claim-summary.js';

const separator = '; ';

/** The columns of an exported table of claims. */
export const claimTable: Record<string, (claim: ClaimSummaryView) => string | number | null> = {
  claimId: (claim) => claim.claimId,
  number: (claim) => claim.number,
  version: (claim) => claim.version,
  name: (claim) => claim.name,
  phase: (claim) => claim.phase,
  status: (claim) => claim.status,
  area: (claim) => claim.area,
  products: (claim) => claim.products.join(separator),
  activities: (claim) => claim.activities.join(separator),
  partnerAccountId: (claim) => claim.partnerAccountId,
  partnerId: (claim) => claim.partnerId,
  tenantId: (claim) => claim.tenantId,
  // Not `customerName`, which is the contact in a table of new or changed claims.
  customer: (claim) => claim.customerName,
  domain: (claim) => claim.domain,
  externalReference: (claim) => claim.externalReference,
  tags: (claim) => claim.tags.join(separator),
  reasons: (claim) => claim.reasons.join(separator),
  isOpen: (claim) => String(claim.isOpen),
  nextDeadlineClock: (claim) => claim.nextDeadline?.clock ?? null,
  nextDeadlineAt: (claim) => claim.nextDeadline?.at ?? null,
  warnings: (claim) => claim.warnings.join(separator),
  createdAt: (claim) => claim.createdAt,
  updatedAt: (claim) => claim.updatedAt,
};

/** Reads the cells of one claim as an exported table shows them, by column; null when there is no such claim inside the scope. */
export async function findClaimCells(
  database: Pick<EntityManager, 'query'>,
  scope: Scope,
  claimId: string,
): Promise<Record<string, string> | null> {
  const parameters: unknown[] = [claimId];
  const [row] = await database.query<ClaimSummary[]>(
    `SELECT ${summaryColumns} FROM claims c WHERE c.claim_id = $1 AND c.version > 0 AND ${withinScope(scope, parameters)}`,
    parameters,
  );
  if (row === undefined) return null;
  const claim = summaryView(row);
  return Object.fromEntries(Object.entries(claimTable).map(([name, column]) => [name, String(column(claim) ?? '')]));
}

/** What a caller of an update may name a claim by, besides its id. */
export type ClaimName = { number: string } | { externalReference: string };

/** Finds the ids of the claims with this number or reference inside a scope; at most two, which is enough to see that a name is ambiguous. */
export async function findClaimIds(database: Pick<EntityManager, 'query'>, scope: Scope, name: ClaimName): Promise<string[]> {
  const [column, value] = 'number' in name ? ['c.number', name.number] : [`coalesce(c.external_reference, '')`, name.externalReference];
  const parameters: unknown[] = [value];
  const rows = await database.query<{ claimId: string }[]>(
    `SELECT c.claim_id AS "claimId" FROM claims c WHERE ${column} = $1 AND c.version > 0 AND ${withinScope(scope, parameters)}
     ORDER BY c.claim_id LIMIT 2`,
    parameters,
  );
  return rows.map(({ claimId }) => claimId);
}
