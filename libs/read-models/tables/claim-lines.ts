import { type ClaimState, targetOf } from '#libs/claims/index.js';
import type { Write } from '#libs/event-store/index.js';

const linesSql = `
  INSERT INTO claim_lines (claim_id, line, phase, product, subscription_id, target, activities, cool_down_until)
  SELECT $1, line, phase, product, "subscriptionId", target, activities, "coolDownUntil"
  FROM jsonb_to_recordset($2::jsonb)
    AS l(line int, phase text, product text, "subscriptionId" text, target text, activities text[], "coolDownUntil" timestamptz)
  ON CONFLICT (claim_id, line) DO UPDATE SET phase = excluded.phase, product = excluded.product,
    subscription_id = excluded.subscription_id, target = excluded.target, activities = excluded.activities,
    cool_down_until = excluded.cool_down_until`;

const goneSql = 'DELETE FROM claim_lines WHERE claim_id = $1 AND line = ANY($2)';

/** The lines of a claim that differ between two states. Nothing else writes `claim_lines`. */
export function claimLines(claimId: string, before: ClaimState, after: ClaimState): Write[] {
  const known = rowsOf(before).map((row) => JSON.stringify(row));
  const changed = rowsOf(after).filter((row) => !known.includes(JSON.stringify(row)));
  const gone = before.lines.map(({ line }) => line).filter((number) => after.lines.every(({ line }) => line !== number));
  return [
    ...(changed.length > 0 ? [{ sql: linesSql, parameters: [claimId, JSON.stringify(changed)] }] : []),
    ...(gone.length > 0 ? [{ sql: goneSql, parameters: [claimId, gone] }] : []),
  ];
}

const rowsOf = ({ details, exclusivityKey, lines }: ClaimState) =>
  lines.map((line) => ({
    line: line.line,
    phase: line.phase,
    product: line.product,
    subscriptionId: line.subscriptionId,
    target: targetOf(details, line, exclusivityKey),
    activities: line.activities,
    coolDownUntil: line.coolDownUntil,
  }));
