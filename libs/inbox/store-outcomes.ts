import { commandHash, type SettledCommand, type Write } from '#libs/event-store/index.js';

/** The claim's command whose outcome was stored last; null when there is none. */
export type LastCommand = { number: number; hash: string } | null;

/** Selects a claim's last command, in a statement that has the claim as `c`. */
export const lastCommandSql = `
  (SELECT jsonb_build_object('number', settled_number, 'hash', encode(hash, 'hex')) FROM claim_commands s
    WHERE s.claim_id = c.claim_id AND s.settled_number IS NOT NULL ORDER BY settled_number DESC LIMIT 1)`;

const storeSql = `
  UPDATE claim_commands c SET outcome = o.outcome, settled_at = $2, settled_number = o.number, hash = decode(o.hash, 'hex')
  FROM jsonb_to_recordset($1::jsonb) AS o("commandId" uuid, outcome jsonb, number int, hash text) WHERE c.command_id = o."commandId"`;

/** Outcomes, each linked to the one before it by its hash, to be stored under the claim's lock. */
export function chainedOutcomes(
  claimId: string,
  last: LastCommand,
  commands: Omit<SettledCommand, 'settledAt'>[],
  settledAt: string,
): Write {
  let number = last?.number ?? 0;
  let hash: Buffer = Buffer.from(last?.hash ?? '', 'hex');
  const rows = commands.map((command) => {
    number += 1;
    hash = commandHash(hash, claimId, number, { ...command, settledAt });
    return { commandId: command.commandId, outcome: command.outcome, number, hash: hash.toString('hex') };
  });
  return { sql: storeSql, parameters: [JSON.stringify(rows), settledAt] };
}
