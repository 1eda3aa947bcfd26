import type { EntityManager } from 'typeorm';
import { commandIdOf, fingerprintOf } from './command-id.js';
import type { InboxPass, KeyedConsequence } from './inbox-pass.js';
import type { PendingCommand } from './load-claim.js';
import { writeEndedAssociations } from './write-claim.js';

/** A claim that has changed without its workflow knowing. */
export interface ChangedClaim {
  claimId: string;
  partnerAccountId: string;
}

/** Another claim has to act first, and an overdue deadline of its own needs the directory's answer. That claim's workflow asks; retry later. */
export class BlockedByOtherClaim extends Error {
  override readonly name = 'BlockedByOtherClaim';

  constructor(readonly claimId: string) {
    super(`Claim ${claimId} has to act first, and waits for the customer directory.`);
  }
}

interface Others {
  /** Passes of this transaction that are not written yet. */
  openPasses: ReadonlyMap<string, InboxPass>;
  /** Drains another claim's inbox and writes it. */
  drainOther: (claimId: string) => Promise<{ pass: InboxPass; changed: ChangedClaim[] }>;
}

/** Stores what a pass causes for other claims in their inboxes, and drains those in the same transaction. Returns the claims that changed. */
export async function applyConsequences(manager: EntityManager, pass: InboxPass, others: Others): Promise<ChangedClaim[]> {
  const changed: ChangedClaim[] = [];
  // What ends here is free for others from the same instant on, and not before.
  if (pass.consequences.length > 0) await writeEndedAssociations(manager, pass);
  for (let next = pass.consequences.shift(); next !== undefined; next = pass.consequences.shift()) {
    const pending = await storeConsequence(manager, next);
    // The other claim may be waiting for this one: two claims can take each other's place, or one drains the other before it continues.
    const open = others.openPasses.get(next.claimId);
    if (open !== undefined) {
      await addToOpenPass(manager, open, pending);
      continue;
    }
    const other = await others.drainOther(next.claimId);
    // The newcomer must not be written before the holder makes way: a reader of the feed would see two partners on one target.
    if (other.pass.isUndecided(pending.commandId)) throw new BlockedByOtherClaim(next.claimId);
    changed.push(...other.changed);
  }
  return changed;
}

async function addToOpenPass(manager: EntityManager, open: InboxPass, pending: PendingCommand): Promise<void> {
  const wasDrained = open.isDrained;
  await open.add(pending);
  if (wasDrained) await writeEndedAssociations(manager, open);
}

/** Unlike a command from outside, it was received at the instant of its cause, and the lock of its claim is taken only after those of its targets. */
async function storeConsequence(manager: EntityManager, { claimId, command, receivedAt, key }: KeyedConsequence): Promise<PendingCommand> {
  const commandId = commandIdOf('cpor', key, claimId);
  const { type, actor, body } = command;
  await manager.query(
    `INSERT INTO claim_commands (command_id, claim_id, type, actor, body, fingerprint, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (command_id) DO NOTHING`,
    [commandId, claimId, type, actor, body, fingerprintOf(body), receivedAt],
  );
  return { commandId, command, expectedVersion: null, receivedAt: new Date(receivedAt).toISOString(), facts: null, actedFor: [] };
}
