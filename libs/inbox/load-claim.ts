import type { EntityManager } from 'typeorm';
import { type ClaimCommand, type ClaimState, type DirectoryFacts, fold } from '#libs/claims/index.js';
import { prepared, toEvent } from '#libs/event-store/index.js';
import { foldIdentity, isFoldedSql } from '#libs/read-models/index.js';
import { type LastCommand, lastCommandSql } from './store-outcomes.js';

/** A stored command without an outcome. */
export interface PendingCommand {
  commandId: string;
  command: ClaimCommand;
  expectedVersion: number | null;
  receivedAt: string;
  /** What the directory said about this command; null when it has not been asked. */
  facts: DirectoryFacts | null;
  /** Partners that the reviewer who sent it has acted for before, on any claim. */
  actedFor: string[];
}

/** A claim as its transaction finds it. */
export interface LoadedClaim {
  claimId: string;
  /** The product's clock, read once the claim was locked. */
  now: string;
  /** The version that its row shows. */
  version: number;
  state: ClaimState;
  lastHash: Buffer;
  lastCommand: LastCommand;
  /** In the order in which they were received. */
  inbox: PendingCommand[];
  /** The directory's most recent answer about the claim. */
  latestFacts: DirectoryFacts | null;
  hasUnsentLetters: boolean;
}

/**
 * Targets first, then the claim: a transaction that decides on a target holds it exclusively until it ends, so two claims that want the same
 * target run one after the other and see each other. The order never varies; otherwise a claim and another claim's consequence for it
 * could deadlock.
 */
const lockSql = prepared(`
  WITH locked AS MATERIALIZED (
    SELECT array_agg(target) AS targets, count(pg_advisory_xact_lock(hashtextextended(target, 0))) AS locks
    FROM (SELECT DISTINCT target FROM claim_lines WHERE claim_id = $1 AND phase <> 'draft' ORDER BY target) wanted
  )
  SELECT targets, locks FROM locked, claims WHERE claim_id = $1 FOR UPDATE OF claims`);

/** Locks a claim and the targets of its submitted lines. Returns the targets. */
export async function lockClaim(manager: EntityManager, claimId: string): Promise<string[]> {
  const [lock] = await manager.query<{ targets: string[] | null }[]>(lockSql, [claimId]);
  return lock?.targets ?? [];
}

const lockTargetsSql = prepared(`
  SELECT count(pg_advisory_xact_lock(hashtextextended(target, 0))) FROM (SELECT target FROM unnest($1::text[]) target ORDER BY target) wanted`);

/** Locks targets that the claim does not have yet. */
export async function lockTargets(manager: EntityManager, targets: string[]): Promise<void> {
  await manager.query(lockTargetsSql, [targets]);
}

const loadSql = prepared(`
  SELECT cpor_now() AS now, c.version, c.last_hash,
    CASE WHEN ${isFoldedSql('$2')} THEN c.state END AS state,
    CASE WHEN NOT ${isFoldedSql('$2')} THEN (
      SELECT jsonb_agg(to_jsonb(e) - 'hash' ORDER BY e.version) FROM claim_events e WHERE e.claim_id = c.claim_id) END AS events,
    (SELECT jsonb_agg(to_jsonb(i) || jsonb_build_object('facts', a.facts, 'acted_for', CASE i.actor ->> 'kind' WHEN 'reviewer' THEN (
          SELECT jsonb_agg(partner_account_id) FROM partner_subjects s WHERE s.subject = i.actor ->> 'subject') END)
        ORDER BY i.received_at, i.sequence)
      FROM claim_commands i
      LEFT JOIN LATERAL (
        SELECT facts FROM directory_answers d WHERE d.command_id = i.command_id ORDER BY d.asked_at DESC LIMIT 1
      ) a ON true
      WHERE i.claim_id = c.claim_id AND i.outcome IS NULL) AS inbox,
    (SELECT facts FROM directory_answers d WHERE d.claim_id = c.claim_id ORDER BY d.asked_at DESC LIMIT 1) AS latest_facts,
    ${lastCommandSql} AS last_command,
    EXISTS (SELECT FROM letters l WHERE l.claim_id = c.claim_id AND l.outcome IS NULL) AS has_letters
  FROM claims c WHERE c.claim_id = $1`);

interface InboxRow {
  command_id: string;
  type: ClaimCommand['type'];
  actor: ClaimCommand['actor'];
  body: ClaimCommand['body'];
  expected_version: number | null;
  received_at: string;
  facts: DirectoryFacts | null;
  acted_for: string[] | null;
}

interface ClaimRow {
  now: Date;
  version: number;
  last_hash: Buffer;
  /** Null when the row's state was folded by other rules, or not at all. */
  state: ClaimState | null;
  events: Parameters<typeof toEvent>[0][] | null;
  inbox: InboxRow[] | null;
  latest_facts: DirectoryFacts | null;
  last_command: LastCommand;
  has_letters: boolean;
}

/**
 * Reads a claim and its inbox, by a single statement. The caller holds the claim's lock. Its state comes from its row, so that a command costs the
 * same however long the claim is; a state that was folded by other rules is folded from the events again.
 */
export async function loadClaim(manager: EntityManager, claimId: string): Promise<LoadedClaim> {
  const [row] = await manager.query<ClaimRow[]>(loadSql, [claimId, foldIdentity]);
  if (row === undefined) throw new Error(`There is no claim ${claimId}.`);
  return {
    claimId,
    now: row.now.toISOString(),
    version: row.version,
    state: row.state ?? fold((row.events ?? []).map(toEvent)),
    lastHash: row.last_hash,
    lastCommand: row.last_command,
    inbox: (row.inbox ?? []).map(toPendingCommand),
    latestFacts: row.latest_facts,
    hasUnsentLetters: row.has_letters,
  };
}

const toPendingCommand = ({
  command_id,
  type,
  actor,
  body,
  expected_version,
  received_at,
  facts,
  acted_for,
}: InboxRow): PendingCommand => ({
  commandId: command_id,
  command: { type, actor, body } as ClaimCommand,
  expectedVersion: expected_version,
  receivedAt: new Date(received_at).toISOString(),
  facts,
  actedFor: acted_for ?? [],
});
