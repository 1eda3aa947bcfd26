import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** A command that was executed or refused, as the inbox stores it, without its fingerprint, which an erasure clears. */
export interface SettledCommand {
  commandId: string;
  type: string;
  actor: unknown;
  body: unknown;
  expectedVersion: number | null;
  receivedAt: string;
  outcome: unknown;
  settledAt: string;
}

/** Hashes a settled command together with all commands settled before it on the same claim: who sent what, when, and its outcome. */
export function commandHash(previous: Buffer, claimId: string, number: number, command: SettledCommand): Buffer {
  const { commandId, type, actor, body, expectedVersion, receivedAt, outcome, settledAt } = command;
  const text = canonicalJson({ claimId, number, commandId, type, actor, body, expectedVersion, receivedAt, outcome, settledAt });
  return createHash('sha256').update(previous).update(text).digest();
}
