import type { EntityManager } from 'typeorm';
import type { ClaimState, LineState } from '#libs/claims/index.js';
import { prepared, type RecordedEvent, type Write } from '#libs/event-store/index.js';

const eventTypes: RecordedEvent['type'][] = ['LinesMadeOfficial', 'AssociationEnded', 'AssociationTransferred', 'AssociationChecked'];

/** Returns whether an event changes rows of `associations`. */
export const changesAssociations = ({ type }: RecordedEvent): boolean => eventTypes.includes(type);

const associationsSql = `
  INSERT INTO associations
    (association_id, claim_id, line, target, partner_account_id, partner_id, tenant_id, activities, official_at, ended_at, end_reason,
     is_eligible, ends_on)
  SELECT "associationId", $1, line, target, $3, "partnerId", $4, activities, "from", "to", "endReason", "isEligible", "endsOn"
  FROM jsonb_to_recordset($2::jsonb)
    AS a("associationId" uuid, line int, target text, "partnerId" text, activities text[], "from" timestamptz, "to" timestamptz,
      "endReason" text, "isEligible" boolean, "endsOn" date)
  ORDER BY "to" NULLS LAST
  ON CONFLICT (association_id) DO UPDATE SET ended_at = excluded.ended_at, end_reason = excluded.end_reason,
    is_eligible = excluded.is_eligible, ends_on = excluded.ends_on`;

/** The associations of a claim. Nothing else inserts into `associations`. */
export function associations(claimId: string, state: ClaimState): Write {
  // Ended ones come first: the index allows one live association on a target at any moment.
  const all = state.lines.flatMap(associationsOf);
  return { sql: associationsSql, parameters: [claimId, JSON.stringify(all), state.partnerAccountId, state.details.tenantId] };
}

const endsSql = prepared(`
  UPDATE associations a SET ended_at = e."to", end_reason = e."endReason"
  FROM jsonb_to_recordset($1::jsonb) AS e("associationId" uuid, "to" timestamptz, "endReason" text)
  WHERE association_id = e."associationId" AND ended_at IS NULL`);

/** Ends associations ahead of the claim's other rows, so that another claim's association on the same target can begin. */
export async function writeAssociationEnds(manager: EntityManager, state: ClaimState): Promise<void> {
  const ended = state.lines.flatMap(associationsOf).filter(({ to }) => to !== null);
  if (ended.length === 0) return;
  await manager.query(endsSql, [JSON.stringify(ended)]);
}

/** The associations that a line has had, the current one last. The earlier ones, at other locations, each ended by transfer. */
function associationsOf({ line, official }: LineState) {
  if (official === null) return [];
  const earlier = official.earlier.map((association) => ({ ...official, ...association, line, endReason: 'transferred' }));
  return [...earlier, { ...official, line }];
}
