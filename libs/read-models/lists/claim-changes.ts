import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { iso } from '../sql-instants.js';
import { withinScope } from '../within-scope.js';

type Queryable = Pick<EntityManager, 'query'>;

export interface ClaimVersion {
  claimId: string;
  version: number;
  phase: string;
  /** RFC 3339. */
  updatedAt: string;
}

/** Reads the present versions of claims. Whoever passes them on must check with `visibleAmong` who may see them. */
export function versionsOf(database: Queryable, claimIds: string[]): Promise<ClaimVersion[]> {
  return database.query<ClaimVersion[]>(
    `SELECT c.claim_id AS "claimId", c.version, c.phase, ${iso('c.updated_at')} AS "updatedAt"
     FROM claims c WHERE c.claim_id = ANY($1) AND c.version > 0`,
    [claimIds],
  );
}

export interface ChangedClaim extends ClaimVersion {
  partnerAccountId: string;
  partnerId: string;
}

/** Returns the instant of the latest change of any claim; null while there are no claims. */
export async function latestChange(database: Queryable): Promise<string | null> {
  const [row] = await database.query<{ at: string | null }[]>(
    `SELECT ${iso('(SELECT updated_at FROM claims ORDER BY updated_at DESC, claim_id DESC LIMIT 1)')} AS at`,
  );
  return row?.at ?? null;
}

/** Reads claims that changed after an instant (all claims if null), the latest first. Whoever passes them on must check who may see them. */
export function changesAfter(database: Queryable, after: string | null, limit: number): Promise<ChangedClaim[]> {
  return database.query<ChangedClaim[]>(
    `SELECT c.claim_id AS "claimId", c.version, c.phase, ${iso('c.updated_at')} AS "updatedAt",
       c.partner_account_id AS "partnerAccountId", c.partner_id AS "partnerId"
     FROM claims c WHERE c.updated_at > coalesce($1::timestamptz, '-infinity') AND c.version > 0
     ORDER BY c.updated_at DESC, c.claim_id DESC LIMIT $2`,
    [after, limit],
  );
}

/** Returns those of the claims that a caller may see. */
export async function visibleAmong(database: Queryable, scope: Scope, claimIds: string[]): Promise<string[]> {
  const parameters: unknown[] = [claimIds];
  const rows = await database.query<{ id: string }[]>(
    `SELECT c.claim_id AS id FROM claims c WHERE c.claim_id = ANY($1) AND c.version > 0 AND ${withinScope(scope, parameters)}`,
    parameters,
  );
  return rows.map(({ id }) => id);
}
