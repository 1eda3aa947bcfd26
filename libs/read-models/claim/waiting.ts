import type { z } from 'zod';
import { type ClaimState, commandTable, type CommandType, commandTypes, type Position } from '#libs/claims/index.js';
import type { WaitingView } from './claim-view.schema.js';

interface Awaiting {
  state: Pick<ClaimState, 'lines'>;
  position: Pick<Position, 'waiting'>;
  directoryAwaitedSince: string | null;
}

/** Returns who has to act next on a claim, including the customer directory if the claim waits for it. */
export function waitingOf({ position, directoryAwaitedSince, state }: Awaiting): z.output<typeof WaitingView>[] {
  if (directoryAwaitedSince === null) return position.waiting;
  const lines = state.lines.map(({ line }) => line);
  return [...position.waiting, { for: 'directory', mover: 'system', lines, since: directoryAwaitedSince, until: null }];
}

const named = (types: CommandType[]): string => types.map((type) => `'${type}'`).join(', ');
const checked = commandTypes.filter((type) => commandTable[type].needsDirectory);
const checkedInDraft = checked.filter((type) => !commandTable[type].isForDraft);

/**
 * SQL of the instant since when claim `c` has been waiting for the directory, or null: either a command still lacks the answer that it needs, or
 * a deadline has passed at which the directory must be asked again.
 */
export const directoryAwaitedSinceSql = `least(
  (SELECT min(i.received_at) FROM claim_commands i
    WHERE i.claim_id = c.claim_id AND i.outcome IS NULL
      AND (i.type IN (${named(checkedInDraft)}) OR (i.type IN (${named(checked)}) AND (c.state ->> 'submission')::integer > 0))
      AND NOT EXISTS (SELECT FROM directory_answers d WHERE d.command_id = i.command_id)),
  (SELECT due.at FROM (SELECT (c.position -> 'alarm' ->> 'at')::timestamptz AS at) AS due
    WHERE (c.position -> 'alarm' ->> 'needsDirectory')::boolean AND due.at < cpor_now()
      AND NOT EXISTS (SELECT FROM directory_answers d WHERE d.claim_id = c.claim_id AND d.asked_at >= due.at)))`;
