import type { EntityManager } from 'typeorm';
import { type ClaimState, type EventOf, phaseOf, positionOf, targetOf } from '#libs/claims/index.js';
import type { RecordedEvent } from '#libs/event-store/index.js';
import { listAssignments, listColumnsOf } from './list-columns.js';

interface Written {
  hash: Buffer;
  /** The version before these events. */
  from: number;
  events: RecordedEvent[];
  now: string;
}

/** Brings the rows that are read up to the state of the claim, in the transaction that appended the events. */
export async function writeReadRows(manager: EntityManager, claimId: string, state: ClaimState, written: Written): Promise<void> {
  await writeClaim(manager, claimId, state, written);
  await writeLines(manager, claimId, state);
  if (written.events.some((event) => event.type === 'LinesMadeOfficial' || event.type === 'AssociationEnded')) {
    await writeAssociations(manager, claimId, state);
  }
  const notices = written.events.filter((event): event is RecordedEvent & EventOf<'NoticeRequested'> => event.type === 'NoticeRequested');
  for (const notice of notices) await writeRecipients(manager, claimId, notice);
}

async function writeClaim(manager: EntityManager, claimId: string, state: ClaimState, { hash, from, now }: Written): Promise<void> {
  const position = positionOf(state);
  const [, updated] = await manager.query<[unknown, number]>(
    `UPDATE claims SET version = $2, last_hash = $3, partner_account_id = $4, partner_id = $5, tenant_id = $6, name = $7,
       external_reference = $8, phase = $9, is_open = $10, alarm_at = $11, position = $12, state = $13, updated_at = $14,
       ${listAssignments('$16')}
     WHERE claim_id = $1 AND version = $15`,
    [
      claimId,
      state.version,
      hash,
      state.partnerAccountId,
      state.details.partnerId,
      state.details.tenantId,
      state.details.name,
      state.details.externalReference,
      phaseOf(state),
      position.isOpen,
      position.alarm?.at ?? null,
      position,
      state,
      now,
      from,
      listColumnsOf(state, position),
    ],
  );
  if (updated !== 1) throw new Error(`Claim ${claimId} moved on from version ${from} under its own lock.`);
}

async function writeLines(manager: EntityManager, claimId: string, state: ClaimState): Promise<void> {
  const lines = state.lines.map((line) => ({ ...line, target: targetOf(state.details, line) }));
  await manager.query(
    `WITH lines AS (
       SELECT * FROM jsonb_to_recordset($2::jsonb)
         AS l(line int, phase text, product text, "subscriptionId" text, target text, activities text[])
     ), gone AS (
       DELETE FROM claim_lines WHERE claim_id = $1 AND line NOT IN (SELECT line FROM lines)
     )
     INSERT INTO claim_lines (claim_id, line, phase, product, subscription_id, target, activities)
     SELECT $1, line, phase, product, "subscriptionId", target, activities FROM lines
     ON CONFLICT (claim_id, line) DO UPDATE SET phase = excluded.phase, product = excluded.product,
       subscription_id = excluded.subscription_id, target = excluded.target, activities = excluded.activities`,
    [claimId, JSON.stringify(lines)],
  );
}

async function writeAssociations(manager: EntityManager, claimId: string, state: ClaimState): Promise<void> {
  const rows = state.lines.flatMap((line) =>
    line.official === null ? [] : [{ line: line.line, activities: line.activities, ...line.official }],
  );
  await manager.query(
    `INSERT INTO associations
       (association_id, claim_id, line, target, partner_account_id, partner_id, tenant_id, activities, official_at, ended_at)
     SELECT "associationId", $1, line, target, $3, $4, $5, activities, "from", "to"
     FROM jsonb_to_recordset($2::jsonb)
       AS a("associationId" uuid, line int, target text, activities text[], "from" timestamptz, "to" timestamptz)
     ON CONFLICT (association_id) DO UPDATE SET ended_at = excluded.ended_at`,
    [claimId, JSON.stringify(rows), state.partnerAccountId, state.details.partnerId, state.details.tenantId],
  );
}

async function writeRecipients(manager: EntityManager, claimId: string, { data }: EventOf<'NoticeRequested'>): Promise<void> {
  await manager.query(
    `INSERT INTO notice_recipients (recipient_id, notice_id, claim_id, kind, person_id)
     SELECT "recipientId", $2, $1, kind, "personId"
     FROM jsonb_to_recordset($3::jsonb) AS r("recipientId" uuid, kind text, "personId" uuid)`,
    [claimId, data.noticeId, JSON.stringify(data.recipients)],
  );
}
