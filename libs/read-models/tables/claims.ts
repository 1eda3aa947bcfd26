import { type ClaimState, nextDeadlineAt, phaseOf, positionOf } from '#libs/claims/index.js';
import type { Write } from '#libs/event-store/index.js';
import { foldIdentity } from '../fold-identity.js';
import { settlement } from '../../../temporal.config.js';
import { listAssignments, listColumnsOf } from './claims-list-columns.js';

export interface ClaimVersion {
  state: ClaimState;
  /** The version of the stored row, which this one replaces. */
  previousVersion: number;
  /** Hash of the last event. */
  lastHash: Buffer;
  now: string;
}

const updateSql = `
  UPDATE claims SET version = $2::int, last_hash = $3, partner_account_id = $4, partner_id = $5, tenant_id = $6, name = $7,
    external_reference = $8, phase = $9, is_open = $10, alarm_at = $11, position = $12, state = $13, updated_at = $14,
    association_clocks = $17, folded = $18 || '@' || $2::text,
    ${listAssignments('$16')}
  WHERE claim_id = $1 AND version = $15
  RETURNING (SELECT count(*)::int FROM (
    SELECT FROM claims other WHERE other.is_open AND other.alarm_at = $11 AND other.claim_id <> $1 LIMIT ${settlement.fromClaims}) same) AS others`;

/** What an updated claim returns; nothing when the stored row had another version. */
export interface UpdatedClaim {
  /** How many other open claims have the same next deadline, counted up to the number that is settled in batches. */
  others: number;
}

/** The row of a claim, which `libs/new-claims` inserts and whose column `is_competing` `claims-is-competing.ts` keeps. */
export function updatedClaim(claimId: string, { state, previousVersion, lastHash, now }: ClaimVersion): Write {
  const position = positionOf(state);
  const parameters = [
    claimId,
    state.version,
    lastHash,
    state.partnerAccountId,
    state.details.partnerId,
    state.details.tenantId,
    state.details.name,
    state.details.externalReference,
    phaseOf(state),
    position.isOpen,
    nextDeadlineAt(state),
    position,
    state,
    now,
    previousVersion,
    listColumnsOf(state, position),
    position.associations.filter(({ isLive, alarm }) => isLive && alarm !== null).length,
    foldIdentity,
  ];
  return { sql: updateSql, parameters };
}
