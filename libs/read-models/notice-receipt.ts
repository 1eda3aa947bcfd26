import type { DataSource } from 'typeorm';
import type { CommandOutcome } from '#libs/inbox/index.js';
import type { Receipt, ReceiptOutcome } from '#libs/notices/index.js';
import type { NoticeLetter } from './notice-letter.js';

interface Row {
  command_id: string;
  received_at: Date;
  lines: number[] | null;
  outcome: CommandOutcome | null;
}

/** What became of a recipient's answers, as soon as they are stored; null when none was given, or none had an effect. */
export async function readReceipt(source: DataSource, { claimId, recipientId, notice, view }: NoticeLetter): Promise<Receipt | null> {
  const answers = await source.query<Row[]>(
    `SELECT command_id, received_at, body -> 'lines' AS lines, outcome FROM claim_commands
     WHERE claim_id = $1 AND type = 'optOut' AND body ->> 'recipientId' = $2 AND outcome ->> 'status' IS DISTINCT FROM 'refused'
     ORDER BY received_at DESC, sequence DESC`,
    [claimId, recipientId],
  );
  const [latest] = answers;
  if (latest === undefined) return null;
  const answered = [...new Set(answers.flatMap((answer) => answer.lines ?? notice.lines))].sort((a, b) => a - b);
  return {
    receivedAt: latest.received_at.toISOString(),
    lines: answered.map((line) => ({ line, outcome: outcomeOf(view, line) })),
    reference: latest.command_id,
  };
}

function outcomeOf({ lines }: NoticeLetter['view'], line: number): ReceiptOutcome {
  const state = lines.find((one) => one.line === line)?.state;
  return state === 'declined' || state === 'ended' ? state : 'recorded';
}
