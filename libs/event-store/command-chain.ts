import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** A command that was carried out or refused, as it stands in the inbox. Its fingerprint is left out: erasure takes it away. */
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

/** Links a command to all that were settled before it on the same claim: who said what, when it was received, and what came of it. */
export function commandHash(previous: Buffer, claimId: string, number: number, command: SettledCommand): Buffer {
  const { commandId, type, actor, body, expectedVersion, receivedAt, outcome, settledAt } = command;
  const text = canonicalJson({ claimId, number, commandId, type, actor, body, expectedVersion, receivedAt, outcome, settledAt });
  return createHash('sha256').update(previous).update(text).digest();
}
