import type { EntityManager } from 'typeorm';
import { commandHash, prepared, type SettledCommand } from '#libs/event-store/index.js';

/** The claim's command whose outcome was stored last; null when there is none. */
export type LastCommand = { number: number; hash: string } | null;

/** Selects a claim's last command, in a statement that has the claim as `c`. */
export const lastCommandSql = `
  (SELECT jsonb_build_object('number', settled_number, 'hash', encode(hash, 'hex')) FROM claim_commands s
    WHERE s.claim_id = c.claim_id AND s.settled_number IS NOT NULL ORDER BY settled_number DESC LIMIT 1)`;

const storeSql = prepared(`
  UPDATE claim_commands c SET outcome = o.outcome, settled_at = $2, settled_number = o.number, hash = decode(o.hash, 'hex')
  FROM jsonb_to_recordset($1::jsonb) AS o("commandId" uuid, outcome jsonb, number int, hash text) WHERE c.command_id = o."commandId"`);

/** Stores outcomes, each linked to the one before it by its hash. The caller holds the claim's lock. */
export async function storeOutcomes(
  manager: EntityManager,
  claimId: string,
  last: LastCommand,
  commands: Omit<SettledCommand, 'settledAt'>[],
  settledAt: string,
): Promise<void> {
  let number = last?.number ?? 0;
  let hash: Buffer = Buffer.from(last?.hash ?? '', 'hex');
  const rows = commands.map((command) => {
    number += 1;
    hash = commandHash(hash, claimId, number, { ...command, settledAt });
    return { commandId: command.commandId, outcome: command.outcome, number, hash: hash.toString('hex') };
  });
  await manager.query(storeSql, [JSON.stringify(rows), settledAt]);
}
