import type { EntityManager } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import { type ClaimState, type EventOf, nextDeadlineAt, type NoticeRecipient, phaseOf, positionOf, targetOf } from '#libs/claims/index.js';
import { lettersOf } from '#libs/notices/index.js';
import { prepared, type RecordedEvent } from '#libs/event-store/index.js';
import { writeCompetition } from './competition-flags.js';
import { listAssignments, listColumnsOf } from './list-columns.js';

/** An event, and the claim as it stood right after it. */
export interface Change {
  event: RecordedEvent;
  after: ClaimState;
}

interface Written {
  hash: Buffer;
  /** The version before these changes. */
  from: number;
  before: ClaimState;
  now: string;
  /** Who acted on the claim for its partner for the first time. */
  newSubjects: string[];
}

/**
 * Brings the rows that are read up to the last of these changes, in the transaction that appended the events. From all changes of a claim
 * the same rows come as from some after others. Returns whether letters were written that wait to be sent.
 */
export async function writeReadRows(manager: EntityManager, claimId: string, changes: Change[], written: Written): Promise<boolean> {
  const state = changes.at(-1)!.after;
  await writeClaim(manager, claimId, state, written);
  await writeLines(manager, claimId, state);
  if (changes.some(({ event }) => associationEvents.includes(event.type))) await writeAssociations(manager, claimId, state);
  await writeCompetition(manager, claimId, written.before, state);
  for (const { event } of changes) {
    if (event.type === 'NoticeRequested') await writeRecipients(manager, claimId, event.data.noticeId, event.data.recipients);
    if (event.type === 'NoticeRecipientAdded') await writeRecipients(manager, claimId, event.data.noticeId, [event.data.recipient]);
    if (event.type === 'ChoiceRequested') await writeRecipients(manager, claimId, event.data.choiceId, event.data.recipients);
    if (event.type === 'EvidenceAdded' && event.data.evidence.supersedes) await markSuperseded(manager, claimId, event.data.evidence);
    if (event.type === 'PartnerBlocked' || event.type === 'PartnerUnblocked') await writeBlock(manager, claimId, event);
  }
  if (written.newSubjects.length > 0) await writeSubjects(manager, state.partnerAccountId, written.newSubjects);
  return writeLetters(manager, claimId, changes);
}

/** Whoever has acted for a partner reviews none of its claims, whichever it was (R21). */
const writeSubjects = (manager: EntityManager, partnerAccountId: string, subjects: string[]): Promise<unknown> =>
  manager.query('INSERT INTO partner_subjects (subject, partner_account_id) SELECT unnest($1::text[]), $2 ON CONFLICT DO NOTHING', [
    subjects.toSorted(),
    partnerAccountId,
  ]);

const associationEvents: RecordedEvent['type'][] = [
  'LinesMadeOfficial',
  'AssociationEnded',
  'AssociationTransferred',
  'AssociationChecked',
];

const claimSql = prepared(`
  UPDATE claims SET version = $2, last_hash = $3, partner_account_id = $4, partner_id = $5, tenant_id = $6, name = $7,
    external_reference = $8, phase = $9, is_open = $10, alarm_at = $11, position = $12, state = $13, updated_at = $14,
    ${listAssignments('$16')}
  WHERE claim_id = $1 AND version = $15`);

async function writeClaim(manager: EntityManager, claimId: string, state: ClaimState, { hash, from, now }: Written): Promise<void> {
  const position = positionOf(state);
  const [, updated] = await manager.query<[unknown, number]>(claimSql, [
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
    nextDeadlineAt(state),
    position,
    state,
    now,
    from,
    listColumnsOf(state, position),
  ]);
  if (updated !== 1) throw new Error(`Claim ${claimId} moved on from version ${from} under its own lock.`);
}

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

async function writeLines(manager: EntityManager, claimId: string, state: ClaimState): Promise<void> {
  const lines = state.lines.map((line) => ({ ...line, target: targetOf(state.details, line, state.exclusivityKey) }));
  await manager.query(linesSql, [claimId, JSON.stringify(lines)]);
}

const associationsSql = prepared(`
  INSERT INTO associations
    (association_id, claim_id, line, target, partner_account_id, partner_id, tenant_id, activities, official_at, ended_at, end_reason,
     is_eligible, ends_on)
  SELECT "associationId", $1, line, target, $3, "partnerId", $4, activities, "from", "to", "endReason", "isEligible", "endsOn"
  FROM jsonb_to_recordset($2::jsonb)
    AS a("associationId" uuid, line int, target text, "partnerId" text, activities text[], "from" timestamptz, "to" timestamptz,
      "endReason" text, "isEligible" boolean, "endsOn" date)
  ORDER BY "to" NULLS LAST
  ON CONFLICT (association_id) DO UPDATE SET ended_at = excluded.ended_at, end_reason = excluded.end_reason,
    is_eligible = excluded.is_eligible, ends_on = excluded.ends_on`);

async function writeAssociations(manager: EntityManager, claimId: string, state: ClaimState): Promise<void> {
  const rows = state.lines.flatMap(({ line, official }) => {
    if (official === null) return [];
    const earlier = official.earlier.map((one) => ({ ...official, ...one, line, endReason: 'transferred' }));
    return [...earlier, { ...official, line }];
  });
  // Ended ones first: the index allows one live association on a target at any moment.
  await manager.query(associationsSql, [claimId, JSON.stringify(rows), state.partnerAccountId, state.details.tenantId]);
}

const endsSql = prepared(`
  UPDATE associations a SET ended_at = e."to", end_reason = e."endReason"
  FROM jsonb_to_recordset($1::jsonb) AS e("associationId" uuid, "to" timestamptz, "endReason" text)
  WHERE association_id = e."associationId" AND ended_at IS NULL`);

/** Lets associations end that are known already, ahead of the claim's other rows: another claim's may begin then. */
export async function writeAssociationEnds(manager: EntityManager, state: ClaimState): Promise<void> {
  const ended = state.lines.flatMap(({ official }) => {
    if (official === null) return [];
    const earlier = official.earlier.map(({ associationId, to }) => ({ associationId, to, endReason: 'transferred' }));
    return [...earlier, ...(official.to === null ? [] : [official])];
  });
  if (ended.length === 0) return;
  await manager.query(endsSql, [JSON.stringify(ended)]);
}

const recipientsSql = prepared(`
  INSERT INTO notice_recipients (recipient_id, notice_id, claim_id, kind, person_id)
  SELECT "recipientId", $2, $1, kind, "personId"
  FROM jsonb_to_recordset($3::jsonb) AS r("recipientId" uuid, kind text, "personId" uuid)`);

async function writeRecipients(manager: EntityManager, claimId: string, noticeId: string, recipients: NoticeRecipient[]): Promise<void> {
  await manager.query(recipientsSql, [claimId, noticeId, JSON.stringify(recipients)]);
}

async function markSuperseded(
  manager: EntityManager,
  claimId: string,
  { evidenceId, supersedes }: EventOf<'EvidenceAdded'>['data']['evidence'],
): Promise<void> {
  await manager.query('UPDATE evidence_files SET superseded_by = $3 WHERE claim_id = $1 AND id = $2', [claimId, supersedes, evidenceId]);
}

async function writeBlock(
  manager: EntityManager,
  claimId: string,
  { type, at, data }: EventOf<'PartnerBlocked'> | EventOf<'PartnerUnblocked'>,
): Promise<void> {
  await manager.query(
    type === 'PartnerBlocked'
      ? 'INSERT INTO partner_blocks (claim_id, tenant_id, partner_account_id, blocked_at) VALUES ($1, $2, $3, $4)'
      : `UPDATE partner_blocks SET lifted_at = $4
         WHERE claim_id = $1 AND tenant_id = $2 AND partner_account_id = $3 AND lifted_at IS NULL`,
    [claimId, data.tenantId, data.partnerAccountId, at],
  );
}

const lettersSql = prepared(`
  INSERT INTO letters (letter_id, claim_id, kind, person_id, event_version, about)
  SELECT "letterId", $1, kind, "personId", "eventVersion", about
  FROM jsonb_to_recordset($2::jsonb) AS l("letterId" uuid, kind text, "personId" uuid, "eventVersion" int, about jsonb)`);

async function writeLetters(manager: EntityManager, claimId: string, changes: Change[]): Promise<boolean> {
  const letters = changes.flatMap(({ event, after }) =>
    lettersOf(event, after).map((letter, index) => ({
      ...letter,
      eventVersion: event.version,
      letterId: uuidV5(`letter/${event.version}/${index}`, claimId),
    })),
  );
  if (letters.length === 0) return false;
  await manager.query(lettersSql, [claimId, JSON.stringify(letters)]);
  return true;
}
