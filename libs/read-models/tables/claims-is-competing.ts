import type { EntityManager } from 'typeorm';
import { type ClaimState, type Phase, rivalPhases, targetOf } from '#libs/claims/index.js';
import { prepared } from '#libs/event-store/index.js';

/** Phases in which a line asks for its target: it waits for a decision or for the customer. */
const askingPhases: Phase[] = [...rivalPhases, 'consent_pending'];
const asking = askingPhases.map((phase) => `'${phase}'`).join(', ');

/** SQL that is true when a line of claim `c` has a rival: another partner's open line or live association on the same target (domain.md 10). */
const competes = `EXISTS (
  SELECT FROM claim_lines own WHERE own.claim_id = c.claim_id AND own.phase IN (${asking}) AND (
    EXISTS (SELECT FROM associations a WHERE a.target = own.target AND a.ended_at IS NULL AND a.partner_account_id <> c.partner_account_id)
    OR EXISTS (SELECT FROM claim_lines rival JOIN claims other ON other.claim_id = rival.claim_id
      WHERE rival.target = own.target AND rival.phase IN (${asking}) AND other.partner_account_id <> c.partner_account_id)))`;

/** As in `related-claims.ts`: with the value in sight, the planner would plan anew every time. */
const targets = '(SELECT $2::text[])::text[]';

/** SQL of the claims whose flag may change: the claim itself ($1) and every claim that asks for one of the targets ($2). */
const affected = `SELECT $1::uuid UNION SELECT claim_id FROM claim_lines WHERE target = ANY(${targets}) AND phase IN (${asking})`;

const lockAffectedSql = prepared(`
  SELECT is_competing AS "isCompeting", EXISTS (
      SELECT FROM associations a WHERE target = ANY(${targets}) AND ended_at IS NULL AND a.partner_account_id <> c.partner_account_id) AS "isHeld"
  FROM claims c WHERE claim_id IN (${affected}) ORDER BY claim_id FOR NO KEY UPDATE`);
const competitionSql = prepared(`
  UPDATE claims c SET is_competing = NOT is_competing WHERE claim_id IN (${affected}) AND is_competing <> ${competes}`);

/**
 * Updates `claims.is_competing` of a claim and of those that ask for the same targets. Call it after the claim's lines and associations are
 * written, holding the locks of its targets. The second statement sees what others committed while the first waited for its locks.
 */
export async function writeIsCompeting(manager: EntityManager, claimId: string, before: ClaimState, after: ClaimState): Promise<void> {
  const targets = changedTargets(before, after);
  if (targets.length === 0) return;
  const claims = await manager.query<{ isCompeting: boolean; isHeld: boolean }[]>(lockAffectedSql, [claimId, targets]);
  const isAlone = claims.length === 1 && claims.every(({ isCompeting, isHeld }) => !isCompeting && !isHeld);
  if (!isAlone) await manager.query(competitionSql, [claimId, targets]);
}

/** Returns the targets on which a claim's stake (it asks for one, or holds one) differs between two states. */
function changedTargets(before: ClaimState, after: ClaimState): string[] {
  const [had, has] = [stakesOf(before), stakesOf(after)];
  const changed = [...had.filter((stake) => !has.includes(stake)), ...has.filter((stake) => !had.includes(stake))];
  return [...new Set(changed.map((stake) => stake.slice(stake.indexOf(' ') + 1)))];
}

function stakesOf(state: ClaimState): string[] {
  return state.lines.flatMap((line) => [
    ...(askingPhases.includes(line.phase) ? [`asks ${targetOf(state.details, line, state.exclusivityKey)}`] : []),
    ...(line.official !== null && line.official.to === null ? [`holds ${line.official.target}`] : []),
  ]);
}
