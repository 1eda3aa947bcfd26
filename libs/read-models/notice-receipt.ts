import type { DataSource } from 'typeorm';
import { isBefore } from '#libs/claims/index.js';
import type { CommandOutcome } from '#libs/inbox/index.js';
import type { Receipt, ReceiptOutcome } from '#libs/notices/index.js';
import type { NoticeLetter } from './notice-letter.js';

interface Row {
  command_id: string;
  type: 'optOut' | 'acceptClaim';
  received_at: Date;
  lines: number[] | null;
  outcome: CommandOutcome | null;
}

/** A person's answers to what a claim told it of, by whichever of its links. */
export interface Receipts {
  /** What became of the answers since the latest notice, as soon as they are stored; null when none was given, or none had an effect. */
  latest: Receipt | null;
  /** The same of the answers before. */
  earlier: Receipt | null;
}

export async function readReceipts(source: DataSource, { claimId, recipientId, notices, view }: NoticeLetter): Promise<Receipts> {
  const recipients = notices.flatMap((notice) => notice.recipients);
  const person = recipients.find((one) => one.recipientId === recipientId)?.personId;
  const own = recipients.filter(({ personId }) => personId === person).map((one) => one.recipientId);
  const answers = await source.query<Row[]>(
    `SELECT command_id, type, received_at, body -> 'lines' AS lines, outcome FROM claim_commands
     WHERE claim_id = $1 AND type IN ('optOut', 'acceptClaim') AND body ->> 'recipientId' = ANY ($2)
       AND outcome ->> 'status' IS DISTINCT FROM 'refused'
     ORDER BY received_at DESC, sequence DESC`,
    [claimId, own],
  );
  const isLatest = ({ received_at }: Row) => !isBefore(received_at.toISOString(), view.sentAt);
  const all = view.lines.map(({ line }) => line);
  return {
    latest: receiptOf(view, answers.filter(isLatest), all),
    earlier: receiptOf(
      view,
      answers.filter((answer) => !isLatest(answer)),
      all,
    ),
  };
}

function receiptOf(view: NoticeLetter['view'], answers: Row[], all: number[]): Receipt | null {
  const [latest] = answers;
  if (latest === undefined) return null;
  const linesOf = (answer: Row) => answer.lines ?? all;
  const answered = [...new Set(answers.flatMap(linesOf))].sort((a, b) => a - b);
  const lines = answered.map((line) => ({ line, outcome: outcomeOf(view, line, answers.find((one) => linesOf(one).includes(line))!) }));
  return { receivedAt: latest.received_at.toISOString(), lines, reference: latest.command_id };
}

/** How a line stands after the latest answer about it. An acceptance that another recipient's refusal overtook says so. */
function outcomeOf({ lines }: NoticeLetter['view'], line: number, answer: Row): ReceiptOutcome {
  const state = lines.find((one) => one.line === line)?.state;
  if (state === 'declined' || state === 'ended') return state;
  return answer.type === 'acceptClaim' ? 'accepted' : 'recorded';
}
