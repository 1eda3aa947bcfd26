import type { EntityManager } from 'typeorm';
import type { ChoiceState } from '#libs/claims/index.js';
import type { ChoiceCandidate, ChoiceView } from '#libs/notices/index.js';

type Queryable = Pick<EntityManager, 'query'>;

/** Legal name and PartnerID of the location behind each claim, as the directory last had it. */
export async function partnersOf(database: Queryable, claimIds: string[]): Promise<Map<string, { legalName: string; partnerId: string }>> {
  const rows = await database.query<{ claimId: string; legalName: string; partnerId: string }[]>(
    `SELECT c.claim_id AS "claimId", c.partner_id AS "partnerId", coalesce((
       SELECT d.facts -> 'location' ->> 'legalName' FROM directory_answers d
       WHERE d.claim_id = c.claim_id AND jsonb_typeof(d.facts -> 'location') = 'object' ORDER BY d.asked_at DESC LIMIT 1), '') AS "legalName"
     FROM claims c WHERE c.claim_id = ANY($1)`,
    [claimIds],
  );
  return new Map(rows.map(({ claimId, legalName, partnerId }) => [claimId, { legalName, partnerId }]));
}

/** The partners among which a question lets the customer choose, by name. */
export async function choiceCandidates(database: Queryable, { candidates }: ChoiceState): Promise<ChoiceCandidate[]> {
  const partners = await partnersOf(
    database,
    candidates.map(({ claimId }) => claimId),
  );
  return candidates
    .map(({ claimId, isHolder }) => ({ claimId, isHolder, legalName: '', partnerId: '', ...partners.get(claimId) }))
    .sort((a, b) => a.legalName.localeCompare(b.legalName) || a.partnerId.localeCompare(b.partnerId));
}

/** The customer's latest answer to a question as soon as it is stored, by whichever recipient; refused ones are none. */
export async function latestChoice(database: Queryable, claimId: string, choiceId: string): Promise<ChoiceView['chosen']> {
  const [row] = await database.query<{ claimId: string; receivedAt: Date; reference: string }[]>(
    `SELECT body ->> 'claimId' AS "claimId", received_at AS "receivedAt", command_id AS reference FROM claim_commands
     WHERE claim_id = $1 AND type = 'chooseRival' AND body ->> 'choiceId' = $2 AND outcome ->> 'status' IS DISTINCT FROM 'refused'
     ORDER BY received_at DESC, sequence DESC LIMIT 1`,
    [claimId, choiceId],
  );
  return row === undefined ? null : { ...row, receivedAt: row.receivedAt.toISOString() };
}
