import type { EntityManager } from 'typeorm';
import type { ChoiceState } from '#libs/claims/index.js';
import { partnersOf } from '#libs/directory/index.js';
import type { ChoiceCandidate, ChoiceView } from './choice-view.js';

type Queryable = Pick<EntityManager, 'query'>;

/** Reads the partners that a choice offers the customer, sorted by name. */
export async function choiceCandidates(database: Queryable, { candidates }: ChoiceState): Promise<ChoiceCandidate[]> {
  const partners = await partnersOf(
    database,
    candidates.map(({ claimId }) => claimId),
  );
  return candidates
    .map(({ claimId, isHolder }) => ({ claimId, isHolder, legalName: '', partnerId: '', ...partners.get(claimId) }))
    .sort((a, b) => a.legalName.localeCompare(b.legalName) || a.partnerId.localeCompare(b.partnerId));
}

/** Reads the customer's latest answer as soon as it is stored, whichever recipient gave it. Answers that the rules refused do not count. */
export async function latestChoice(database: Queryable, claimId: string, choiceId: string): Promise<ChoiceView['chosen']> {
  const [row] = await database.query<{ claimId: string; receivedAt: Date; reference: string }[]>(
    `SELECT body ->> 'claimId' AS "claimId", received_at AS "receivedAt", command_id AS reference FROM claim_commands
     WHERE claim_id = $1 AND type = 'chooseRival' AND body ->> 'choiceId' = $2 AND outcome ->> 'status' IS DISTINCT FROM 'refused'
     ORDER BY received_at DESC, sequence DESC LIMIT 1`,
    [claimId, choiceId],
  );
  return row === undefined ? null : { ...row, receivedAt: row.receivedAt.toISOString() };
}
