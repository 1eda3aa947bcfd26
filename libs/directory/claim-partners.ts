import { type Queryable, rowsOf } from './queryable.js';

export interface ClaimPartner {
  claimId: string;
  /** Empty while the directory has not named the location. */
  legalName: string;
  partnerId: string;
}

/** Reads the partner behind each claim, by claim ID: PartnerID and legal name of its location, as the directory last gave it. */
export async function partnersOf(database: Queryable, claimIds: string[]): Promise<Map<string, Omit<ClaimPartner, 'claimId'>>> {
  const result = await database.query(
    `SELECT c.claim_id AS "claimId", c.partner_id AS "partnerId", coalesce((
       SELECT d.facts -> 'location' ->> 'legalName' FROM directory_answers d
       WHERE d.claim_id = c.claim_id AND jsonb_typeof(d.facts -> 'location') = 'object' ORDER BY d.asked_at DESC LIMIT 1), '') AS "legalName"
     FROM claims c WHERE c.claim_id = ANY($1)`,
    [claimIds],
  );
  return new Map(rowsOf<ClaimPartner>(result).map(({ claimId, legalName, partnerId }) => [claimId, { legalName, partnerId }]));
}
