import type { EntityManager } from 'typeorm';
import type { ClaimCommand, DirectoryFacts, Finding } from '#libs/claims/index.js';
import { prepared } from '#libs/event-store/index.js';

/** What a person wrote, or what identifies one: stored apart from commands and events, which hold only its id. */
export interface PersonalItem {
  personId: string;
  kind: 'contact' | 'tenant_admin' | 'text' | 'names';
  content: Record<string, unknown>;
}

export interface NewCommand {
  commandId: string;
  claimId: string;
  command: ClaimCommand;
  /** The version that the sender has read, if the command depends on it. */
  expectedVersion?: number | undefined;
  /** Distinguishes a repeat of the same request from another request under the same key. */
  fingerprint: string;
  personal?: PersonalItem[] | undefined;
  facts?: DirectoryFacts | null | undefined;
}

export type CommandOutcome = { status: 'done'; version: number } | { status: 'refused'; version: number; findings: Finding[] };

export interface AcceptedCommand {
  commandId: string;
  claimId: string;
  type: string;
  receivedAt: string;
  outcome: CommandOutcome | null;
}

export type Acceptance =
  | { result: 'accepted' | 'repeated'; command: AcceptedCommand }
  | { result: 'conflict' }
  | { result: 'claim_unknown' };

/** The claim's lock is taken in share mode before the clock is read: a transaction that closes a window holds it exclusively. */
const acceptSql = prepared(`
  WITH claim AS (SELECT claim_id FROM claims WHERE claim_id = $2 FOR SHARE),
  command AS (
    INSERT INTO claim_commands (command_id, claim_id, type, actor, body, expected_version, fingerprint, received_at)
    SELECT $1, claim_id, $3, $4, $5, $6, $7, cpor_now() FROM claim
    ON CONFLICT (command_id) DO NOTHING
    RETURNING received_at
  ),
  people AS (
    INSERT INTO personal_data (person_id, claim_id, kind, content)
    SELECT "personId", $2, kind, content FROM command, jsonb_to_recordset($8::jsonb) AS p("personId" uuid, kind text, content jsonb)
    ON CONFLICT (person_id) DO NOTHING
  ),
  answer AS (
    INSERT INTO directory_answers (claim_id, command_id, asked_at, facts)
    SELECT $2, $1, ($9::jsonb ->> 'askedAt')::timestamptz, $9::jsonb FROM command WHERE $9::jsonb IS NOT NULL
  )
  SELECT received_at FROM command`);

/** Stores a command in its claim's inbox, once per id. An accepted command survives everything but the loss of the database. */
export async function acceptCommand(manager: EntityManager, command: NewCommand): Promise<Acceptance> {
  const { commandId, claimId, fingerprint } = command;
  const { type, actor, body } = command.command;
  const [row] = await manager.query<{ received_at: Date }[]>(acceptSql, [
    commandId,
    claimId,
    type,
    actor,
    body,
    command.expectedVersion ?? null,
    fingerprint,
    JSON.stringify(command.personal ?? []),
    command.facts ?? null,
  ]);
  if (row !== undefined) {
    return { result: 'accepted', command: { commandId, claimId, type, receivedAt: row.received_at.toISOString(), outcome: null } };
  }
  const earlier = await findCommand(manager, commandId);
  if (earlier === null) return { result: 'claim_unknown' };
  if (earlier.fingerprint !== fingerprint) return { result: 'conflict' };
  return { result: 'repeated', command: earlier };
}

/** Reads a command with its outcome; null when it is not stored. */
export async function findCommand(manager: EntityManager, commandId: string): Promise<(AcceptedCommand & { fingerprint: string }) | null> {
  const [row] = await manager.query<
    { claim_id: string; type: string; received_at: Date; outcome: CommandOutcome | null; fingerprint: string }[]
  >('SELECT claim_id, type, received_at, outcome, fingerprint FROM claim_commands WHERE command_id = $1', [commandId]);
  if (row === undefined) return null;
  const { claim_id: claimId, type, received_at, outcome, fingerprint } = row;
  return { commandId, claimId, type, receivedAt: received_at.toISOString(), outcome, fingerprint };
}

/** Returns the id of the latest command by which a person is creating a claim that has no events yet, or null. */
export async function findCreatingCommand(manager: EntityManager, claimId: string, subject: string): Promise<string | null> {
  const [row] = await manager.query<{ command_id: string }[]>(
    `SELECT i.command_id FROM claims c JOIN claim_commands i USING (claim_id)
     WHERE c.claim_id = $1 AND c.version = 0 AND i.outcome IS NULL AND i.actor ->> 'subject' = $2 ORDER BY i.received_at DESC, i.sequence DESC LIMIT 1`,
    [claimId, subject],
  );
  return row?.command_id ?? null;
}
