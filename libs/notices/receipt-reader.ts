import type { DataSource } from 'typeorm';
import { isBefore } from '#libs/claims/index.js';
import type { CommandOutcome } from '#libs/inbox/index.js';
import type { ConsentNotice } from './notice-reader.js';
import type { NoticeView, Receipt, ReceiptOutcome } from './notice-view.js';

interface Row {
  command_id: string;
  type: 'optOut' | 'acceptClaim';
  received_at: Date;
  lines: number[] | null;
  outcome: CommandOutcome | null;
}

/** What one person has answered to the notices of a claim, whichever of its links it used. */
export interface Receipts {
  /** The answers since the latest notice, as soon as they are stored; null when there are none, or the rules refused them. */
  latest: Receipt | null;
  /** The answers before it. */
  earlier: Receipt | null;
}

/** Reads the receipts that the page behind this notice's link shows. */
export async function readReceipts(source: DataSource, { claimId, recipientId, notices, view }: ConsentNotice): Promise<Receipts> {
  const recipients = notices.flatMap((notice) => notice.recipients);
  const person = recipients.find((recipient) => recipient.recipientId === recipientId)?.personId;
  const own = recipients.filter(({ personId }) => personId === person).map((recipient) => recipient.recipientId);
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

function receiptOf(view: NoticeView, answers: Row[], all: number[]): Receipt | null {
  const [latest] = answers;
  if (latest === undefined) return null;
  const linesOf = (answer: Row) => answer.lines ?? all;
  const answered = [...new Set(answers.flatMap(linesOf))].sort((a, b) => a - b);
  const lines = answered.map((line) => ({
    line,
    outcome: outcomeOf(view, line, answers.find((answer) => linesOf(answer).includes(line))!),
  }));
  return { receivedAt: latest.received_at.toISOString(), lines, reference: latest.command_id };
}

/** The effect of the latest answer about a line. An acceptance that another recipient's refusal has overtaken is shown as refused. */
function outcomeOf({ lines }: NoticeView, line: number, answer: Row): ReceiptOutcome {
  const state = lines.find((candidate) => candidate.line === line)?.state;
  if (state === 'declined' || state === 'ended') return state;
  return answer.type === 'acceptClaim' ? 'accepted' : 'recorded';
}
