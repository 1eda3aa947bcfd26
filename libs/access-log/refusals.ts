import type { EntityManager } from 'typeorm';

/** A refused attempt to read the usage of one association: what was requested and what was answered. */
export interface Refusal {
  /** Later refusals have greater ids. */
  refusalId: string;
  code: 'usage_ended' | 'not_found';
  /** The issuer's id of the person or system that sent the request. */
  subject: string;
  /** Null when the caller acts for no partner. */
  partnerAccountId: string | null;
  /** As requested. */
  associationId: string;
  set: string;
  /** ISO dates; null when no months were requested. */
  fromMonth: string | null;
  toMonth: string | null;
}

/** A refusal as the vendor sees it. */
export interface ListedRefusal extends Refusal {
  at: string;
  /** The association that was requested; null when it does not exist. */
  association: { partnerAccountId: string; partnerId: string; tenantId: string; claimNumber: string; target: string } | null;
}

/** Records a refusal. The work is the same whether the association exists or not, so that timing does not give it away. */
export async function recordRefusal(manager: EntityManager, refusal: Refusal): Promise<void> {
  const { refusalId, code, subject, partnerAccountId, associationId, set, fromMonth, toMonth } = refusal;
  await manager.query(
    `INSERT INTO usage_refusals (refusal_id, code, subject, partner_account_id, association_id, set_name, from_month, to_month)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [refusalId, code, subject, partnerAccountId, associationId, set, fromMonth, toMonth],
  );
}

/** Lists the refusals of all partners or one, newest first. */
export async function listRefusals(
  manager: EntityManager,
  { partnerAccountId, before, limit }: { partnerAccountId?: string | undefined; before?: string | undefined; limit: number },
): Promise<ListedRefusal[]> {
  return manager.query<ListedRefusal[]>(
    `SELECT r.refusal_id AS "refusalId", to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, r.code, r.subject,
       r.partner_account_id AS "partnerAccountId", r.association_id AS "associationId", r.set_name AS set,
       r.from_month::text AS "fromMonth", r.to_month::text AS "toMonth",
       CASE WHEN a.association_id IS NOT NULL THEN jsonb_build_object('partnerAccountId', a.partner_account_id, 'partnerId', a.partner_id,
         'tenantId', a.tenant_id, 'claimNumber', c.number, 'target', a.target) END AS association
     FROM usage_refusals r LEFT JOIN associations a USING (association_id) LEFT JOIN claims c USING (claim_id)
     WHERE ($1::text IS NULL OR r.partner_account_id = $1) AND ($2::uuid IS NULL OR r.refusal_id < $2)
     ORDER BY r.refusal_id DESC LIMIT $3`,
    [partnerAccountId ?? null, before ?? null, limit],
  );
}
