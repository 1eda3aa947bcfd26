import type { EntityManager } from 'typeorm';
import { type ClaimState, targetOf } from '#libs/claims/index.js';
import { prepared } from '#libs/event-store/index.js';

const linesSql = prepared(`
  WITH lines AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb)
      AS l(line int, phase text, product text, "subscriptionId" text, target text, activities text[], "coolDownUntil" timestamptz)
  ), gone AS (
    DELETE FROM claim_lines WHERE claim_id = $1 AND line NOT IN (SELECT line FROM lines)
  )
  INSERT INTO claim_lines (claim_id, line, phase, product, subscription_id, target, activities, cool_down_until)
  SELECT $1, line, phase, product, "subscriptionId", target, activities, "coolDownUntil" FROM lines
  ON CONFLICT (claim_id, line) DO UPDATE SET phase = excluded.phase, product = excluded.product,
    subscription_id = excluded.subscription_id, target = excluded.target, activities = excluded.activities,
    cool_down_until = excluded.cool_down_until`);

/** Replaces the lines of a claim. Nothing else writes `claim_lines`. */
export async function writeClaimLines(manager: EntityManager, claimId: string, state: ClaimState): Promise<void> {
  const lines = state.lines.map((line) => ({ ...line, target: targetOf(state.details, line, state.exclusivityKey) }));
  await manager.query(linesSql, [claimId, JSON.stringify(lines)]);
}
