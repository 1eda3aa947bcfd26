import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import type { ClaimState, Position } from '#libs/claims/index.js';
import { directoryAwaitedSinceSql } from './waiting.js';

/** One claim as its read row has it, with what people typed resolved. */
export interface ClaimRow {
  claimId: string;
  number: string;
  version: number;
  partnerAccountId: string;
  isOpen: boolean;
  state: ClaimState;
  position: Position;
  /** Since when it waits for the customer directory; null when it does not. */
  directoryAwaitedSince: string | null;
  createdAt: string;
  updatedAt: string;
  /** Contents of the claim's contacts, names and texts by id; null once erased. */
  people: Record<string, Record<string, string> | null>;
  files: { id: string; fileName: string | null; mediaType: string; sizeBytes: number; uploadedAt: string; erasedAt: string | null }[];
}

type Queryable = Pick<EntityManager, 'query'>;

/** SQL that is true for the claims inside a scope; its parameters follow those of the caller. */
export function withinScope(scope: Scope, parameters: unknown[]): string {
  switch (scope.kind) {
    case 'everything':
      return 'true';
    case 'nothing':
      return 'false';
    case 'tenant':
      return `c.tenant_id = $${parameters.push(scope.tenantId)}`;
    case 'partner': {
      const account = `c.partner_account_id = $${parameters.push(scope.accountId)}`;
      return scope.locations === 'all' ? account : `${account} AND c.partner_id = ANY($${parameters.push(scope.locations)})`;
    }
  }
}

const iso = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Reads a claim, or null when there is none inside the scope. */
export async function findClaim(database: Queryable, scope: Scope, claimId: string): Promise<ClaimRow | null> {
  const parameters: unknown[] = [claimId];
  const [row] = await database.query<ClaimRow[]>(
    `SELECT c.claim_id AS "claimId", c.number, c.version, c.partner_account_id AS "partnerAccountId", c.is_open AS "isOpen",
       c.state, c.position, ${iso(directoryAwaitedSinceSql)} AS "directoryAwaitedSince",
       ${iso('c.created_at')} AS "createdAt", ${iso('c.updated_at')} AS "updatedAt",
       (SELECT coalesce(jsonb_object_agg(person_id, content), '{}') FROM personal_data p
         WHERE p.claim_id = c.claim_id AND kind IN ('contact', 'names', 'text')) AS people,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'fileName', file_name, 'mediaType', media_type, 'sizeBytes', size_bytes,
           'uploadedAt', ${iso('uploaded_at')}, 'erasedAt', ${iso('erased_at')})), '[]')
         FROM evidence_files e WHERE e.claim_id = c.claim_id) AS files
     FROM claims c WHERE c.claim_id = $1 AND c.version > 0 AND ${withinScope(scope, parameters)}`,
    parameters,
  );
  return row ?? null;
}

export interface ClaimFilter {
  phase?: string | undefined;
  partnerId?: string | undefined;
  tenantId?: string | undefined;
  externalReference?: string | undefined;
  updatedAfter?: string | undefined;
  /** Where the last page ended. */
  after?: { createdAt: string; claimId: string } | undefined;
  limit: number;
}

/** A claim as lists show it. */
export interface ClaimSummary {
  claimId: string;
  number: string;
  version: number;
  name: string;
  phase: string;
  partnerId: string;
  tenantId: string;
  externalReference: string | null;
  isOpen: boolean;
  nextDeadlineAt: string | null;
  createdAt: string;
  updatedAt: string;
}

/** Lists the claims inside a scope, the newest first. */
export async function listClaims(database: Queryable, scope: Scope, filter: ClaimFilter): Promise<ClaimSummary[]> {
  const parameters: unknown[] = [filter.limit];
  const conditions = ['c.version > 0', withinScope(scope, parameters)];
  const where = (sql: (parameter: string) => string, value: unknown) => {
    if (value !== undefined) conditions.push(sql(`$${parameters.push(value)}`));
  };
  where((phase) => `c.phase = ${phase}`, filter.phase);
  where((partnerId) => `c.partner_id = ${partnerId}`, filter.partnerId);
  where((tenantId) => `c.tenant_id = ${tenantId}`, filter.tenantId);
  where((reference) => `c.external_reference = ${reference}`, filter.externalReference);
  where((instant) => `c.updated_at > ${instant}`, filter.updatedAfter);
  if (filter.after !== undefined) {
    const { createdAt, claimId } = filter.after;
    conditions.push(`(c.created_at, c.claim_id) < ($${parameters.push(createdAt)}, $${parameters.push(claimId)})`);
  }
  return database.query<ClaimSummary[]>(
    `SELECT c.claim_id AS "claimId", c.number, c.version, c.name, c.phase, c.partner_id AS "partnerId", c.tenant_id AS "tenantId",
       c.external_reference AS "externalReference", c.is_open AS "isOpen", ${iso('c.alarm_at')} AS "nextDeadlineAt",
       ${iso('c.created_at')} AS "createdAt", ${iso('c.updated_at')} AS "updatedAt"
     FROM claims c WHERE ${conditions.map((condition) => `(${condition})`).join(' AND ')}
     ORDER BY c.created_at DESC, c.claim_id DESC LIMIT $1`,
    parameters,
  );
}
