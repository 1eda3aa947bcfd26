import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { type ClaimState, type Position, rivalPhases } from '#libs/claims/index.js';
import { prepared } from '#libs/event-store/index.js';
import { withinScope } from '../within-scope.js';
import { iso } from '../sql-instants.js';
import { directoryAwaitedSinceSql } from './waiting.js';

/** A claim as its row holds it, together with the people and files that it refers to. */
export interface ClaimRow {
  claimId: string;
  number: string;
  version: number;
  partnerAccountId: string;
  /** The tenant's name, once the claim states one of its domains. */
  customerName: string | null;
  isOpen: boolean;
  state: ClaimState;
  position: Position;
  /** Since when it has been waiting for the customer directory; null when it is not. */
  directoryAwaitedSince: string | null;
  createdAt: string;
  updatedAt: string;
  /** The claim's contacts, names and texts by id; null once erased. */
  people: Record<string, Record<string, string> | null>;
  files: {
    id: string;
    fileName: string | null;
    mediaType: string;
    sizeBytes: number;
    scan: 'clean' | 'unscanned' | 'waiting' | 'infected';
    uploadedAt: string;
    erasedAt: string | null;
  }[];
  /** Lines whose target other partners claim or hold too. */
  competing: number[];
}

type Queryable = Pick<EntityManager, 'query'>;

/** Lines in these phases compete for their target. Two of them can never both be official. */
const rivalPhaseList = [...rivalPhases, 'consent_pending', 'official'].map((phase) => `'${phase}'`).join(', ');

/** Reads a claim. Returns null when there is none inside the scope. */
export async function findClaim(database: Queryable, scope: Scope, claimId: string): Promise<ClaimRow | null> {
  const parameters: unknown[] = [claimId];
  // A scope of each kind has its own text.
  const sql = prepared(
    `SELECT c.claim_id AS "claimId", c.number, c.version, c.partner_account_id AS "partnerAccountId",
       nullif(c.customer_name, '') AS "customerName", c.is_open AS "isOpen",
       c.state, c.position, ${iso(directoryAwaitedSinceSql)} AS "directoryAwaitedSince",
       ${iso('c.created_at')} AS "createdAt", ${iso('c.updated_at')} AS "updatedAt",
       (SELECT coalesce(jsonb_object_agg(person_id, content), '{}') FROM personal_data p
         WHERE p.claim_id = c.claim_id AND kind IN ('contact', 'names', 'text')) AS people,
       (SELECT coalesce(jsonb_agg(l.line ORDER BY l.line), '[]') FROM claim_lines l
         WHERE l.claim_id = c.claim_id AND l.phase IN (${rivalPhaseList}) AND EXISTS (
           SELECT FROM claim_lines o JOIN claims oc USING (claim_id)
           WHERE o.target = l.target AND o.claim_id <> c.claim_id AND oc.partner_account_id <> c.partner_account_id
             AND o.phase IN (${rivalPhaseList}))) AS competing,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'fileName', file_name, 'mediaType', media_type, 'sizeBytes', size_bytes, 'scan', scan_result,
           'uploadedAt', ${iso('uploaded_at')}, 'erasedAt', ${iso('erased_at')})), '[]')
         FROM evidence_files e WHERE e.claim_id = c.claim_id) AS files
     FROM claims c WHERE c.claim_id = $1 AND c.version > 0 AND ${withinScope(scope, parameters)}`,
  );
  const [row] = await database.query<ClaimRow[]>(sql, parameters);
  return row ?? null;
}
